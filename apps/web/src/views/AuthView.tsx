import { isUserId } from '@chat/protocol';
import { RequestError, type SignedOutReason } from '@chat/chat-client';
import { Eye, EyeOff, MessageCircle } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { codePoints, typedUserId } from '../models/identifiers.ts';
import type { Translator } from '../texts/texts.ts';
import { useApp, useObserved, useTexts } from './app-context.ts';
import './auth.css';
import { Field } from './Field.tsx';
import { failureText } from './failure-text.ts';
import { Link } from './Link.tsx';

type Problems = { id?: string; password?: string; displayName?: string; form?: string };
type Typed = { readonly id: string; readonly password: string; readonly displayName: string };

/** Signing in and signing up: the same form but for what one may choose. */
export function AuthView({ reason }: { readonly reason: SignedOutReason | undefined }) {
  const { router } = useApp();
  const texts = useTexts();
  const isSignUp = useObserved(router.route).place === 'sign-up';
  const page = isSignUp ? 'auth.signUp' : 'auth.signIn';
  return (
    <main className="auth">
      <div className="auth-card">
        <MessageCircle className="auth-mark" size={36} aria-hidden="true" />
        <h1 className="auth-title">{texts.text(`${page}.title`)}</h1>
        <p className="auth-lead">{texts.text(`${page}.lead`)}</p>
        {reason === 'ended' && !isSignUp && <p className="auth-notice" role="status">{texts.text('auth.ended')}</p>}
        <AuthForm key={page} isSignUp={isSignUp} />
        <p className="auth-switch">
          <Link to={{ place: isSignUp ? 'sign-in' : 'sign-up' }}>{texts.text(`${page}.switch`)}</Link>
        </p>
      </div>
    </main>
  );
}

function AuthForm({ isSignUp }: { readonly isSignUp: boolean }) {
  const { service, router } = useApp();
  const texts = useTexts();
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setIsBusy] = useState(false);
  const formProblem = useId();

  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = readForm(form);
    const found = isSignUp ? problemsOf(typed, texts) : {};
    setProblems(found);
    if (Object.keys(found).length > 0) return focusFirstInvalid(form);
    setIsBusy(true);
    try {
      const { id, password, displayName } = typed;
      if (isSignUp) await service.account.register({ id, password, ...(displayName ? { displayName } : {}) });
      else await service.account.signIn({ id, password });
      const { place } = router.route.value;
      if (place === 'sign-in' || place === 'sign-up') router.replace({ place: 'chats' });
    } catch (fault) {
      setProblems(problemOf(fault, texts));
      setIsBusy(false);
      focusFirstInvalid(form);
    }
  };

  return (
    <form className="auth-form" noValidate onSubmit={(event) => void onSubmit(event)}>
      <Field
        name="id"
        label={texts.text('auth.id')}
        hint={isSignUp ? texts.text('auth.id.hint') : undefined}
        problem={problems.id}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
      />
      {isSignUp && (
        <Field
          name="displayName"
          label={texts.text('auth.displayName')}
          hint={texts.text('auth.displayName.hint')}
          problem={problems.displayName}
          autoComplete="nickname"
        />
      )}
      <PasswordField isNew={isSignUp} problem={problems.password} />
      {problems.form && <p id={formProblem} className="field-error" role="alert">{problems.form}</p>}
      <button className="button" data-kind="main" type="submit" disabled={isBusy}>
        {texts.text(isBusy ? 'auth.busy' : isSignUp ? 'auth.signUp.submit' : 'auth.signIn.submit')}
      </button>
    </form>
  );
}

function PasswordField({ isNew, problem }: { readonly isNew: boolean; readonly problem: string | undefined }) {
  const texts = useTexts();
  const [isRevealed, setIsRevealed] = useState(false);
  return (
    <Field
      name="password"
      type={isRevealed ? 'text' : 'password'}
      label={texts.text('auth.password')}
      hint={isNew ? texts.text('auth.password.hint') : undefined}
      problem={problem}
      autoComplete={isNew ? 'new-password' : 'current-password'}
    >
      <button
        type="button"
        className="icon-button auth-reveal"
        aria-label={texts.text('auth.reveal')}
        aria-pressed={isRevealed}
        onClick={() => setIsRevealed(!isRevealed)}
      >
        {isRevealed ? <EyeOff size={18} aria-hidden="true" /> : <Eye size={18} aria-hidden="true" />}
      </button>
    </Field>
  );
}

function readForm(form: HTMLFormElement): Typed {
  const data = new FormData(form);
  const read = (name: string): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
  return { id: typedUserId(read('id')), password: read('password'), displayName: read('displayName').trim() };
}

function problemsOf({ id, password, displayName }: Typed, texts: Translator): Problems {
  const problems: Problems = {};
  if (!isUserId(id)) problems.id = texts.text('auth.error.id');
  if (codePoints(displayName) > 64) problems.displayName = texts.text('auth.error.displayName');
  if (codePoints(password) < 8 || codePoints(password) > 128) problems.password = texts.text('auth.error.password');
  return problems;
}

function problemOf(fault: unknown, texts: Translator): Problems {
  const code = fault instanceof RequestError ? fault.code : undefined;
  if (code === 'conflict') return { id: texts.text('auth.error.taken') };
  if (code === 'unauthorized' || code === 'bad-request') return { form: texts.text('auth.error.wrong') };
  return { form: failureText(fault, texts) };
}

function focusFirstInvalid(form: HTMLFormElement): void {
  // After the next drawing, which marks the fields.
  requestAnimationFrame(() => form.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus());
}
