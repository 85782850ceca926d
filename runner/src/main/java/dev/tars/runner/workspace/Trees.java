package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** The identity of a tree. */
final class Trees {
  private Trees() {}

  /**
   * SHA-256 over the entries in path order, each {@code kind NUL mode NUL path NUL content NUL}:
   * content is a file's digest or a link's target. Owner, times and attributes are not part of it.
   */
  static Digest digest(List<TreeFile.Node> nodes) {
    MessageDigest md = Digest.sha256();
    md.update(ascii("tars.tree/v1\0"));
    for (TreeFile.Node node : nodes) {
      switch (node.entry()) {
        case TreeEntry.RegularFile file ->
            add(md, "f", file.mode(), node, ascii(file.content().hex()));
        case TreeEntry.Directory directory -> add(md, "d", directory.mode(), node, new byte[0]);
        case TreeEntry.Symlink link -> add(md, "l", 0777, node, link.target().toArray());
      }
    }
    return Digest.finish(md);
  }

  private static void add(
      MessageDigest md, String kind, int mode, TreeFile.Node node, byte[] content) {
    md.update(ascii(kind + '\0' + Integer.toOctalString(mode) + '\0'));
    Bytes path = node.path().bytes();
    md.update(path.toArray());
    md.update((byte) 0);
    md.update(content);
    md.update((byte) 0);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
