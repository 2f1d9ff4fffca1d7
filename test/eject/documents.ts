/** What speaks of a sample: its path, or its name where nothing else is called so. */
const SAMPLE =
  /\/(?:articles|converters|echo|hello|logs|messages|secrets|users)\b|\barticles?\b|\btutorial\b/i

/** What a text is made of: headings, paragraphs, and the items of lists. */
const PIECE = /\n(?=\n)|\n(?=- |\| )/

/**
 * Leaves out of a document what speaks of samples: whole paragraphs, items of lists and rows of tables,
 * and headings that have nothing under them then.
 */
export function withoutSamples(markdown: string): string {
  const pieces = markdown.split(PIECE).filter((piece) => !SAMPLE.test(piece))
  const kept = pieces.filter((piece, index) => !isEmptySection(piece, pieces[index + 1]))
  return `${kept.join('\n').trim()}\n`
}

function isEmptySection(piece: string, next = '\n## end'): boolean {
  return /^\s*## /.test(piece) && /^\s*## /.test(next)
}

/** What the ejected service says of itself. */
export const README = `# restful-web-api

A RESTful web API service in TypeScript on Fastify 5. Each concern of HTTP is one plugin, and there is no resource yet:
[docs/extending.md](docs/extending.md) adds one. Where a comment speaks of the tutorial, that is "Implementing a RESTful Web
API with Python & Flask", which the plugins were made after.

## Start

\`\`\`sh
npm ci
npm start
\`\`\`

It listens on \`127.0.0.1:5000\` and keeps its data in \`data/api.db\`, or where \`DATABASE_URL\` says.

\`\`\`console
$ curl http://127.0.0.1:5000/
Welcome
$ curl http://127.0.0.1:5000/health/ready
ready
\`\`\`

## Find your way

\`\`\`
src/        app.ts builds the app, server.ts listens, config.ts reads the environment
plugins/    one concern each
routes/     one folder a resource: index.ts the routes, schema.ts what they take and give
test/       mirrors these; samples/ holds resources that the plugins are tested with, and no service has
deploy/     nginx, Kubernetes, and a check of the container
docs/       how to extend it, how it is built, what HTTP it speaks, how to run it, and what was decided
\`\`\`

\`npm run check\` is lint, types and tests. The tests run on PostgreSQL too, where one answers on \`127.0.0.1:5432\` or
\`TEST_DATABASE_URL\` names one. The configuration comes from the environment, or from a file \`.env\`:
[\`.env.example\`](.env.example) lists every key with its default.

## Read on

- [docs/extending.md](docs/extending.md): a resource, a plugin, an authentication of your own, step by step
- [docs/architecture.md](docs/architecture.md): the way of a request, and what imports what
- [docs/http.md](docs/http.md): what the plugins promise on the wire, rule by rule
- [docs/operations.md](docs/operations.md): how to run it
- [docs/decisions.md](docs/decisions.md): what was decided, why, and what each dependency is for
- [CONTRIBUTING.md](CONTRIBUTING.md), [SECURITY.md](SECURITY.md), [CHANGELOG.md](CHANGELOG.md)
`

export const CHANGELOG = `# Changelog

The format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).

## Unreleased

### Added

- The service, as it was without its sample resources.
`
