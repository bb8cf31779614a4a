import { readFileSync } from 'node:fs';
import type { NginxFiles } from '@chat/services';

/** The configuration that is shipped for nginx in front of chat servers; the cluster runs the very same files. */
const SHIPPED = new URL('../../../docker/nginx/', import.meta.url);

/** nginx's own defaults are folders that only root can write to. */
const PRIVATE_FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((purpose) => `${purpose}_temp_path ${purpose}_temp;\n`)
  .join('');

/** The shipped configuration for these servers, given by their ports on 127.0.0.1. */
export function nginxFiles(serverPorts: readonly number[]): NginxFiles {
  const servers = serverPorts.map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=2s;`).join(' ');
  return ({ port }) => ({
    'nginx.conf': shipped('nginx.conf'),
    'conf.d/private-folders.conf': PRIVATE_FOLDERS,
    'conf.d/chat.conf': fillIn(shipped('chat.conf.template'), {
      CHAT_LISTEN: `127.0.0.1:${port}`,
      CHAT_SERVERS: servers,
      CHAT_ACCESS_LOG: 'off',
      CHAT_MAX_BODY: '32m',
    }),
  });
}

function shipped(name: string): string {
  return readFileSync(new URL(name, SHIPPED), 'utf8');
}

/** As envsubst does it; a name without a value is an error rather than empty. nginx's own `$variables` have no braces. */
function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`chat.conf.template asks for ${name}, which nobody gives.`);
    return value;
  });
}
