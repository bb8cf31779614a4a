import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useTexts } from './app-context.ts';
import { Field } from './Field.tsx';

/** Something to be taken elsewhere. Where the browser refuses the clipboard, it can be selected and copied by hand. */
export function CopyField({ label, hint, value }: { readonly label: string; readonly hint: string; readonly value: string }) {
  const texts = useTexts();
  const [copied, setCopied] = useState<string>();
  const copy = (): void => void navigator.clipboard?.writeText(value).then(() => setCopied(value), () => undefined); // said above
  return (
    <div className="copy-field">
      <Field label={label} hint={hint} value={value} readOnly onFocus={(event) => event.target.select()}>
        <button type="button" className="icon-button copy-field-button" aria-label={texts.text('copy')} title={texts.text('copy')} onClick={copy}>
          <Copy size={18} aria-hidden="true" />
        </button>
      </Field>
      <p className="settings-saved" role="status">{copied === value && texts.text('copy.done')}</p>
    </div>
  );
}
