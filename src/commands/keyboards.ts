/** Keyboards, to find passwords that are walks from key to key. */

/** Positions of characters, in widths of a key. */
type Keyboard = ReadonlyMap<string, { x: number; y: number }>

/** Each row begins half a key to the right of the row above it. */
const ROW_OFFSET = 0.5

/** The six keys around a key are nearer, all others are farther away. */
const MAX_DISTANCE = 1.5

/** Rows of keys. A key is written as its characters, without and with Shift. */
export const KEYBOARDS = [
  // United States
  [
    '1! 2@ 3# 4$ 5% 6^ 7& 8* 9( 0) -_ =+',
    'q w e r t y u i o p [{ ]} \\|',
    `a s d f g h j k l ;: '"`,
    'z x c v b n m ,< .> /?',
  ],
  // Germany
  [
    '1! 2" 3§ 4$ 5% 6& 7/ 8( 9) 0= ß?',
    'q w e r t z u i o p ü +*',
    `a s d f g h j k l ö ä #'`,
    'y x c v b n m ,; .: -_',
  ],
  // France
  [
    `&1 é2 "3 '4 (5 -6 è7 _8 ç9 à0 )° =+`,
    'a z e r t y u i o p ^¨ $£',
    'q s d f g h j k l m ù% *µ',
    'w x c v b n ,? ;. :/ !§',
  ],
  // Russia
  [
    `1! 2" 3№ 4; 5% 6: 7? 8* 9( 0) -_ =+`,
    'й ц у к е н г ш щ з х ъ \\/',
    'ф ы в а п р о л д ж э',
    'я ч с м и т ь б ю .,',
  ],
].map(createKeyboard)

function createKeyboard(rows: string[]): Keyboard {
  return new Map(
    rows.flatMap((row, y) =>
      row
        .split(' ')
        .flatMap((key, column) =>
          [...key].map((character) => [character, { x: column + y * ROW_OFFSET, y }] as const),
        ),
    ),
  )
}

/** Returns true if two characters, in lower case, are on the same key or on keys side by side. */
export function isNear(keyboard: Keyboard, one: string, other: string): boolean {
  const from = keyboard.get(one)
  const to = keyboard.get(other)
  if (!from || !to) return false
  return Math.hypot(from.x - to.x, from.y - to.y) < MAX_DISTANCE
}
