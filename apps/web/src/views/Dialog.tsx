import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTexts } from './app-context.ts';
import './dialog.css';

type DialogProps = {
  readonly title: string;
  readonly onClose: () => void;
  /** Given what closes the dialog. */
  readonly children: (close: () => void) => ReactNode;
};

/** What needs an answer before anything else goes on. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={onClose}>
      <h2 id={id} className="dialog-title">{title}</h2>
      {children(() => dialog.current?.close())}
    </dialog>
  );
}

/** The end of a dialog that only shows something. */
export function DialogClose({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  return (
    <div className="dialog-actions">
      <button type="button" className="button" onClick={onClose}>{texts.text('dialog.close')}</button>
    </div>
  );
}
