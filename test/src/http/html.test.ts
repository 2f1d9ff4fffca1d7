import t from 'tap'
import { escapeHtml, type Fragment, html } from '../../../src/http/html.ts'

t.test('escapeHtml() escapes markup', async (t) => {
  t.equal(escapeHtml('plain, é'), 'plain, é', 'text without markup is unchanged')
  t.equal(escapeHtml(`<a b="c" d='e'>&amp;`), '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;')
})

t.test('html`` escapes text, and keeps markup that html`` wrote', async (t) => {
  const name = html`<b>${'<i>'}</b>`
  t.equal(
    String(html`<p title="${'"'}">${name} & ${1}</p>`),
    '<p title="&quot;"><b>&lt;i&gt;</b> & 1</p>',
  )
  t.equal(String(html``), '')
})

t.test('html`` concatenates lists, and writes nothing for undefined and false', async (t) => {
  const items: Fragment[] = ['<', [html`<hr>`, 0], undefined, false, '']
  t.equal(String(html`(${items})`), '(&lt;<hr>0)')
})

t.test('html`` never treats other objects as markup', async (t) => {
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
