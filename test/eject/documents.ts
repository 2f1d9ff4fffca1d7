/** Mentions of a sample: its path, or its name if that has no other meaning. */
const SAMPLE =
  /\/(?:articles|converters|echo|hello|logs|messages|secrets|users)\b|\barticles?\b|\btutorial\b/i

/** Splits a text into headings, paragraphs and list items. */
const PIECE = /\n(?=\n)|\n(?=- |\| )/

/**
 * Removes the paragraphs, list items and table rows of a document that mention samples, and then the headings
 * without content.
 */
export function withoutSamples(markdown: string): string {
  const pieces = markdown.split(PIECE).filter((piece) => !SAMPLE.test(piece))
  const kept = pieces.filter((piece, index) => !isEmptySection(piece, pieces[index + 1]))
  return `${kept.join('\n').trim()}\n`
}

function isEmptySection(piece: string, next = '\n## end'): boolean {
  return /^\s*## /.test(piece) && /^\s*## /.test(next)
}

/** README of the new service. */
export const README = `# restful-web-api

A RESTful web API service in TypeScript on Fastify 5. Each concern of HTTP is one plugin, and there is no resource yet:
[docs/extending.md](docs/extending.md) adds one. Comments that mention the tutorial mean "Implementing a RESTful Web API with
Python & Flask", on which the plugins are based.

## Start

\`\`\`sh
npm ci
npm start
\`\`\`

It listens on \`127.0.0.1:5000\` and keeps its data in \`data/api.db\`; \`DATABASE_URL\` sets another database.

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
routes/     one folder per resource: index.ts has the routes, schema.ts their schemas
test/       mirrors these; samples/ has resources that only the tests of the plugins use
deploy/     nginx, Kubernetes, and a check of the container
docs/       extension, architecture, HTTP, operations and decisions
\`\`\`

\`npm run check\` is lint, types and tests. The tests also run on PostgreSQL if one is on \`127.0.0.1:5432\` or
at \`TEST_DATABASE_URL\`. The configuration comes from the environment, or from a file \`.env\`:
[\`.env.example\`](.env.example) lists every variable with its default.

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
