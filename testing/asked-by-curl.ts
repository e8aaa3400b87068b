/** Does what a `curl` command of a document says, and answers the JSON that came. `at`: the service that stands for any that it names. */
export const askedByCurl = async (
  command: string,
  { at, variables }: { readonly at: string; readonly variables: Readonly<Record<string, string>> },
): Promise<unknown> => {
  const [, line = ''] = /^curl (.*)/m.exec(command.replaceAll('\\\n', ' ')) ?? [];
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, quoted, filled, bare]) =>
      quoted ?? filled?.replaceAll(/\$(\w+)/g, (_, name: string) => variables[name] ?? '') ?? bare ?? '',
  );
  const request: { url: string; method: string | undefined; headers: [string, string][]; body: string | undefined } = {
    url: '',
    method: undefined,
    headers: [],
    body: undefined,
  };
  for (let n = 0; n < words.length; n++) {
    const word = words[n] ?? '';
    if (word === '-s') continue;
    if (word === '-X') request.method = words[++n];
    else if (word === '--json') {
      request.body = words[++n];
      request.headers.push(['content-type', 'application/json']);
    } else if (word === '-H') {
      const [name = '', ...value] = (words[++n] ?? '').split(': ');
      request.headers.push([name, value.join(': ')]);
    } else if (word.startsWith('http')) request.url = word;
    else throw new Error(`what is ${word} in: ${command}`);
  }
  const { url, method = request.body === undefined ? 'GET' : 'POST', headers, body = null } = request;
  const { pathname, search } = new URL(url);
  const response = await fetch(at + pathname + search, { method, headers, body });
  return response.json();
};
