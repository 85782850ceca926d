package dev.tars.runner.validation.checks;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What bytes are, by what they say and never by the name of the file. */
enum ContentKind {
  TEXT("text", ""),
  EXECUTABLE("an executable", "exe so o dll dylib node bin com elf"),
  CLASS("a compiled class", "class pyc wasm dex"),
  ARCHIVE(
      "an archive",
      "zip jar war ear whl egg gz tgz bz2 xz zst 7z rar tar ar a deb rpm apk docx xlsx pptx odt epub nupkg"),
  IMAGE("an image", "png jpg jpeg gif webp ico bmp icns tif tiff"),
  DOCUMENT("a document", "pdf"),
  OTHER("binary data", "");

  private final String shown;

  /** Separated by spaces. */
  private final String extensions;

  ContentKind(String shown, String extensions) {
    this.shown = shown;
    this.extensions = " " + extensions + " ";
  }

  String shown() {
    return shown;
  }

  /** True if a file with this extension may hold this kind. */
  boolean fits(String extension) {
    return extensions.contains(" " + extension + " ");
  }

  /** Text is well-formed UTF-8 without control characters but white space, all of it. */
  static boolean isText(byte[] bytes) {
    for (byte b : bytes) {
      if (b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b) {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  static ContentKind of(byte[] b) {
    if (starts(b, 0x7f, 'E', 'L', 'F')
        || starts(b, 'M', 'Z')
        || starts(b, 0xfe, 0xed, 0xfa)
        || starts(b, 0xcf, 0xfa, 0xed, 0xfe)
        || starts(b, 0xce, 0xfa, 0xed, 0xfe)) {
      return isText(b) ? TEXT : EXECUTABLE;
    }
    if (starts(b, 0xca, 0xfe, 0xba, 0xbe)
        || starts(b, 0, 'a', 's', 'm')
        || starts(b, 'd', 'e', 'x', '\n')
        || (b.length > 4 && b[2] == '\r' && b[3] == '\n' && !isText(b))) {
      return CLASS;
    }
    if (starts(b, 'P', 'K', 3, 4)
        || starts(b, 'P', 'K', 5, 6)
        || starts(b, 0x1f, 0x8b)
        || starts(b, 'B', 'Z', 'h')
        || starts(b, 0xfd, '7', 'z', 'X', 'Z')
        || starts(b, 0x28, 0xb5, 0x2f, 0xfd)
        || starts(b, '7', 'z', 0xbc, 0xaf)
        || starts(b, 'R', 'a', 'r', '!')
        || starts(b, '!', '<', 'a', 'r', 'c', 'h', '>')
        || (b.length > 262 && starts(Arrays.copyOfRange(b, 257, 262), 'u', 's', 't', 'a', 'r'))) {
      return isText(b) ? TEXT : ARCHIVE;
    }
    if (starts(b, 0x89, 'P', 'N', 'G')
        || starts(b, 0xff, 0xd8, 0xff)
        || starts(b, 'G', 'I', 'F', '8')
        || starts(b, 'R', 'I', 'F', 'F')
        || starts(b, 0, 0, 1, 0)
        || starts(b, 'B', 'M')
        || starts(b, 'i', 'c', 'n', 's')) {
      return isText(b) ? TEXT : IMAGE;
    }
    if (starts(b, '%', 'P', 'D', 'F')) {
      return DOCUMENT;
    }
    return isText(b) ? TEXT : OTHER;
  }

  private static boolean starts(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
