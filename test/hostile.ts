/** Texts that become code if they are inserted into a page without escaping. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus=alert(1) autofocus x='",
  '</textarea><script>alert(1)</script>',
  '</code></pre><svg onload=alert(1)>',
  '</title><iframe srcdoc="<script>alert(1)</script>">',
  '<!--<script>',
  ']]><a href="javascript:alert(1)">',
  'javascript:alert(1)',
  'JaVaScRiPt://%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  '&lt;img onerror&gt; &#60;script&#62; &amp;lt;',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: template engines evaluate this text
  '{{7*7}} ${alert(1)} #{1} <%= 1 %>',
  'line\u2028<script>\u2029paragraph',
  '\ufeff<base href=//evil.example>',
  '<a href="//evil.example">',
  `a'b"c\`d\\e`,
]

/** Encodes text for a header field, in printable ASCII characters. */
export function inField(text: string): string {
  return encodeURIComponent(text).replace(/%(20|22|27|28|29|2F|3A|3B|3C|3D|3E|7B|7D)/g, unescape)
}

/** Encodes text for a quoted string of a header field. */
export function quoted(text: string): string {
  return inField(text).replace(/["\\]/g, '')
}
