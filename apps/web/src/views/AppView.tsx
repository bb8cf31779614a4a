import { useEffect, useMemo } from 'react';
import type { App } from '../models/app.ts';
import { Translator } from '../texts/texts.ts';
import { Times } from '../texts/times.ts';
import { SessionContext, SurroundingsContext, useObserved } from './app-context.ts';
import { AuthView } from './AuthView.tsx';
import { CrashBoundary } from './CrashBoundary.tsx';
import { ShellView } from './ShellView.tsx';

export function AppView({ app }: { readonly app: App }) {
  const state = useObserved(app.state);
  const theme = useObserved(app.preferences.theme);
  const chosen = useObserved(app.preferences.chosenLanguage);
  const language = chosen ?? app.preferences.language;
  const surroundings = useMemo(() => {
    const translator = new Translator(language);
    return { app, translator, times: new Times(translator, navigator.languages) };
  }, [app, language]);

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    if (theme) document.documentElement.dataset['theme'] = theme;
    else delete document.documentElement.dataset['theme'];
  }, [theme]);

  return (
    <SurroundingsContext value={surroundings}>
      <CrashBoundary translator={surroundings.translator}>
        {state.status === 'signed-in' && (
          <SessionContext value={state.session}>
            <ShellView key={state.session.user.id} />
          </SessionContext>
        )}
        {state.status === 'signed-out' && <AuthView reason={state.reason} />}
      </CrashBoundary>
    </SurroundingsContext>
  );
}
