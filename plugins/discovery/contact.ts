/** Returns true for a URL that security.txt can contain (RFC 9116 §2.5.3). */
export function isContact(text: string): boolean {
  return /^(?:https:\/\/|mailto:[^@]+@|tel:\+?\d)/.test(text) && URL.canParse(text)
}
