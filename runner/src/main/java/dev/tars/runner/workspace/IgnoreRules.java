package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.ignore.IgnoreNode;

/**
 * The ignore files of a baseline, as git reads them. Only the baseline's count: a run that writes a
 * {@code .gitignore} cannot hide what else it writes.
 */
final class IgnoreRules {
  private static final Bytes FILE = Bytes.utf8(".gitignore");
  private static final long MAX_SIZE = 1 << 20;

  private final Baseline baseline;
  private final Map<RelativePath, Optional<IgnoreNode>> nodes = new HashMap<>();
  private final Map<RelativePath, Boolean> directories = new HashMap<>();

  IgnoreRules(Baseline baseline) {
    this.baseline = baseline;
  }

  /** True if the path, or a directory it is in, is ignored. */
  boolean isIgnored(RelativePath path, boolean directory) {
    if (!path.parent().isRoot() && isIgnoredDirectory(path.parent())) {
      return true;
    }
    for (RelativePath at = path.parent(); ; at = at.parent()) {
      Optional<IgnoreNode> node = nodes.computeIfAbsent(at, this::load);
      if (node.isPresent()) {
        Boolean answer = node.get().checkIgnored(relative(at, path), directory);
        if (answer != null) {
          return answer;
        }
      }
      if (at.isRoot()) {
        return false;
      }
    }
  }

  private boolean isIgnoredDirectory(RelativePath directory) {
    Boolean known = directories.get(directory);
    if (known == null) {
      known = isIgnored(directory, true);
      directories.put(directory, known);
    }
    return known;
  }

  private Optional<IgnoreNode> load(RelativePath directory) {
    RelativePath file = directory.resolve(FILE);
    if (!(baseline.entry(file).orElse(null) instanceof TreeEntry.RegularFile found)
        || found.size() > MAX_SIZE) {
      return Optional.empty();
    }
    IgnoreNode node = new IgnoreNode();
    try {
      node.parse(file.toString(), withoutByteOrderMark(baseline.read(file, MAX_SIZE)));
      return Optional.of(node);
    } catch (IOException e) {
      return Optional.empty(); // nothing is ignored by a file that cannot be read: it is shown
    }
  }

  /** Git skips a byte order mark before the first pattern; JGit would take it for its beginning. */
  private static InputStream withoutByteOrderMark(byte[] text) {
    boolean marked =
        text.length >= 3
            && text[0] == (byte) 0xef
            && text[1] == (byte) 0xbb
            && text[2] == (byte) 0xbf;
    int from = marked ? 3 : 0;
    return new ByteArrayInputStream(text, from, text.length - from);
  }

  private static String relative(RelativePath directory, RelativePath path) {
    int start = directory.isRoot() ? 0 : directory.bytes().length() + 1;
    return path.bytes().slice(start, path.bytes().length()).lossyText();
  }
}
