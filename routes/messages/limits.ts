/** Maximum length of a media type with its parameters, in characters; RFC 6838 §4.2 allows as many for the names. */
export const MEDIA_TYPE_LIMIT = 255

/** Maximum length of a file name, in characters: most file systems allow 255 bytes. */
export const FILE_NAME_LIMIT = 255
