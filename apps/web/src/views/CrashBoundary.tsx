import { Component, type ReactNode } from 'react';
import type { Translator } from '../texts/texts.ts';

type CrashBoundaryProps = { readonly translator: Translator; readonly children: ReactNode };

/** A view that throws must not leave an empty page: this one says what to do. React reports the error to the console. */
export class CrashBoundary extends Component<CrashBoundaryProps, { hasCrashed: boolean }> {
  override state = { hasCrashed: false };

  static getDerivedStateFromError(): { hasCrashed: boolean } {
    return { hasCrashed: true };
  }

  override render(): ReactNode {
    const { translator, children } = this.props;
    if (!this.state.hasCrashed) return children;
    return (
      <main className="blank" role="alert">
        <p className="blank-lead">{translator.text('app.failed')}</p>
        <button type="button" className="button" onClick={() => location.reload()}>{translator.text('app.reload')}</button>
      </main>
    );
  }
}
