import { ArrowLeft } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { codePoints } from '../models/identifiers.ts';
import type { Theme } from '../models/preferences.ts';
import { LANGUAGES, type Language } from '../texts/texts.ts';
import { useApp, useObserved, useSession, useTexts } from './app-context.ts';
import { Field } from './Field.tsx';
import { failureText } from './failure-text.ts';
import { Link } from './Link.tsx';
import { OwnData } from './OwnData.tsx';
import { Privacy } from './Privacy.tsx';
import './settings.css';

export function SettingsView() {
  const { preferences, service } = useApp();
  const texts = useTexts();
  const theme = useObserved(preferences.theme);
  const language = useObserved(preferences.chosenLanguage);
  return (
    <div className="settings">
      <header className="settings-head">
        <Link className="icon-button settings-back" to={{ place: 'chats' }} aria-label={texts.text('chat.back')}>
          <ArrowLeft size={20} aria-hidden="true" />
        </Link>
        <h1 className="settings-title">{texts.text('settings.title')}</h1>
      </header>
      <div className="settings-body">
        <Profile />
        <Choice
          title={texts.text('settings.appearance')}
          name="theme"
          value={theme}
          options={[
            [undefined, texts.text('settings.system')],
            ['light', texts.text('settings.light')],
            ['dark', texts.text('settings.dark')],
          ]}
          onChoose={(chosen: Theme | undefined) => preferences.chooseTheme(chosen)}
        />
        <Choice
          title={texts.text('settings.language')}
          name="language"
          value={language}
          options={[
            [undefined, texts.text('settings.system')],
            ...Object.entries(LANGUAGES).map(([tag, name]): [Language, string] => [tag as Language, name]),
          ]}
          onChoose={(chosen: Language | undefined) => preferences.chooseLanguage(chosen)}
        />
        <Privacy />
        <OwnData />
        <button type="button" className="button settings-sign-out" onClick={() => void service.account.signOut()}>
          {texts.text('settings.signOut')}
        </button>
      </div>
    </div>
  );
}

function Profile() {
  const { user, api, people } = useSession();
  const texts = useTexts();
  const [name, setName] = useState(people.person(user.id).name);
  const [problem, setProblem] = useState<string>();
  const [isSaved, setIsSaved] = useState(false);
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '' || codePoints(wanted) > 64) return setProblem(texts.text('auth.error.displayName'));
    try {
      const renamed = await api.changeMe({ displayName: wanted });
      people.learn(renamed);
      setIsSaved(true);
    } catch (fault) {
      setProblem(failureText(fault, texts));
    }
  };
  return (
    <section className="settings-section" aria-labelledby="settings-profile">
      <h2 id="settings-profile" className="settings-label">{texts.text('settings.profile')}</h2>
      <p className="settings-id">{texts.text('auth.id')} <strong>{user.id}</strong></p>
      <form className="settings-name" noValidate onSubmit={(event) => void onSubmit(event)}>
        <Field
          label={texts.text('auth.displayName')}
          problem={problem}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setProblem(undefined);
            setIsSaved(false);
          }}
        />
        <button type="submit" className="button">{texts.text('settings.save')}</button>
      </form>
      <p className="settings-saved" role="status">{isSaved ? texts.text('settings.saved') : ''}</p>
    </section>
  );
}

function Choice<Value extends string>({ title, name, value, options, onChoose }: {
  readonly title: string;
  readonly name: string;
  readonly value: Value | undefined;
  readonly options: readonly (readonly [Value | undefined, string])[];
  readonly onChoose: (value: Value | undefined) => void;
}) {
  return (
    <fieldset className="settings-section">
      <legend className="settings-label">{title}</legend>
      <div className="settings-options">
        {options.map(([option, label]) => (
          <label key={option ?? 'system'} className="settings-option">
            <input type="radio" name={name} checked={option === value} onChange={() => onChoose(option)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
