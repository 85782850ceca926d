package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Applies a binary patch as git does: only to the very content that it was made for, and only if
 * what comes out is what it says. The names of both are in the {@code index} line, in full.
 */
final class BinaryContent {
  private BinaryContent() {}

  static Bytes apply(FilePatch patch, Bytes content, Edits.Place place) {
    FilePatch.Ids ids =
        patch
            .ids()
            .filter(i -> i.before().length() == i.after().length())
            .filter(i -> i.before().length() == 40 || i.before().length() == 64)
            .orElseThrow(() ->
                RunnerException.of(
                        FailureCode.PATCH_INVALID,
                        "a binary patch without the full names of its contents (" + place + ")")
                    .at(place.at())
                    .help("make it with `git diff --binary`, which writes them"));
    requireIs(content, ids.before(), "the file is not the one that the patch was made for", place);
    Bytes after = Bytes.of(BinaryReader.apply(patch.binary().orElseThrow(), content.toArray()));
    requireIs(after, ids.after(), "the patch does not make what it says", place);
    return after;
  }

  private static void requireIs(Bytes content, String id, String otherwise, Edits.Place place) {
    boolean none = id.chars().allMatch(c -> c == '0') && content.length() == 0;
    if (!none && !id.equals(name(content, id.length()))) {
      throw RunnerException.of(FailureCode.EDIT_NOMATCH, otherwise + " (" + place + ")")
          .at(place.at())
          .note("nothing was changed")
          .help("make the patch again for the workspace as it is");
    }
  }

  /** The name that git gives a content. */
  private static String name(Bytes content, int digits) {
    try {
      MessageDigest digest = MessageDigest.getInstance(digits == 40 ? "SHA-1" : "SHA-256");
      digest.update(("blob " + content.length() + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(content.toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has both", e);
    }
  }
}
