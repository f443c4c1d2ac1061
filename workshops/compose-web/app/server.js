// The service behind the page. It reads the books at every request, and the greeting once: from its environment.
const { readFile } = require('node:fs/promises');
const { createServer } = require('node:http');
const { join } = require('node:path');

const greeting = process.env.GREETING;

async function answer(path) {
  if (path === '/books') return { books: JSON.parse(await readFile(join(__dirname, 'books.json'), 'utf8')) };
  return { service: 'api', greeting, path };
}

const server = createServer((request, response) => {
  answer(request.url)
    .then((found) => response.setHeader('Content-Type', 'application/json').end(`${JSON.stringify(found)}\n`))
    .catch((error) => {
      console.error(error.message);
      response.writeHead(500).end('something is wrong with the service; look into its log\n');
    });
});
process.on('SIGTERM', () => process.exit(0));
server.listen(3000, () => console.log('the bookshop listens on port 3000'));
