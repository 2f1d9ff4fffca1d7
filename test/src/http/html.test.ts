import t from 'tap'
import { escapeHtml, writePage } from '../../../src/http/html.ts'

t.test('escapeHtml makes markup text', async (t) => {
  t.equal(escapeHtml('plain, é'), 'plain, é', 'the rest stays')
  t.equal(escapeHtml(`<a b="c" d='e'>&amp;`), '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;')
})

t.test('writePage is an HTML document that shows its text as it is', async (t) => {
  t.equal(
    writePage('404 Not Found', 'line 1\n  line 2'),
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>404 Not Found</title>
<h1>404 Not Found</h1>
<pre>line 1
  line 2</pre>
</html>
`,
  )
})

t.test('writePage shows markup and does not run it', async (t) => {
  const attack = '</pre></title><script>alert(1)</script>'
  const page = writePage(attack, attack)
  t.notMatch(page, '<script')
  t.equal(page.match(/&lt;script&gt;/g)?.length, 3, 'in the title, the heading and the text')
})
