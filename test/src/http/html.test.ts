import t from 'tap'
import { escapeHtml, type Fragment, html } from '../../../src/http/html.ts'

t.test('escapeHtml makes markup text', async (t) => {
  t.equal(escapeHtml('plain, é'), 'plain, é', 'the rest stays')
  t.equal(escapeHtml(`<a b="c" d='e'>&amp;`), '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;')
})

t.test('html writes text as text, and its own markup as markup', async (t) => {
  const name = html`<b>${'<i>'}</b>`
  t.equal(
    String(html`<p title="${'"'}">${name} & ${1}</p>`),
    '<p title="&quot;"><b>&lt;i&gt;</b> & 1</p>',
  )
  t.equal(String(html``), '')
})

t.test('html writes several fragments one behind the other, and nothing for nothing', async (t) => {
  const items: Fragment[] = ['<', [html`<hr>`, 0], undefined, false, '']
  t.equal(String(html`(${items})`), '(&lt;<hr>0)')
})

t.test('html takes nothing for markup that it did not write', async (t) => {
  const forged: unknown[] = [
    { markup: '<script>' },
    { toString: () => '<script>' },
    Object.create(html`<p>`),
    JSON.parse('{"__proto__": {"markup": "<script>"}, "toString": "<script>"}'),
  ]
  for (const each of forged) {
    const write = () => String(html`${each as Fragment}`)
    try {
      t.notMatch(write(), '<script>')
    } catch (error) {
      t.type(error, TypeError)
    }
  }
})
