package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines between {@code diff --git} and the content of a file. */
final class GitHeader {
  private static final Pattern INDEX =
      Pattern.compile("index ([0-9a-f]{1,64})\\.\\.([0-9a-f]{1,64})(?: ([0-7]{6}))?");

  private Optional<Bytes> from = Optional.empty();
  private Optional<Bytes> to = Optional.empty();
  private Optional<String> oldMode = Optional.empty();
  private Optional<String> newMode = Optional.empty();
  private Optional<FilePatch.Ids> ids = Optional.empty();
  private boolean created;
  private boolean deleted;
  private boolean copy;
  private boolean renamed;
  private int modes;
  private boolean readable = true;

  /** Where a file was and where it is afterwards. */
  record Paths(Optional<Bytes> old, Optional<Bytes> now) {}

  /** False for the first line that is not a header of this kind. */
  boolean take(String line) {
    if (line.startsWith("old mode ")) {
      modes++;
      oldMode = Optional.of(line.substring(9));
    } else if (line.startsWith("new mode ")) {
      modes++;
      newMode = Optional.of(line.substring(9));
    } else if (line.startsWith("new file mode ")) {
      created = true;
      newMode = Optional.of(line.substring(14));
    } else if (line.startsWith("deleted file mode ")) {
      deleted = true;
      oldMode = Optional.of(line.substring(18));
    } else if (line.startsWith("rename from ")) {
      renamed = true;
      from = Optional.of(GitNames.unquote(line.substring(12)));
    } else if (line.startsWith("rename to ")) {
      renamed = true;
      to = Optional.of(GitNames.unquote(line.substring(10)));
    } else if (line.startsWith("copy from ")) {
      copy = true;
      from = Optional.of(GitNames.unquote(line.substring(10)));
    } else if (line.startsWith("copy to ")) {
      copy = true;
      to = Optional.of(GitNames.unquote(line.substring(8)));
    } else if (line.startsWith("index ")) {
      Matcher m = INDEX.matcher(line);
      readable &= m.matches();
      if (m.matches()) {
        ids = Optional.of(new FilePatch.Ids(m.group(1), m.group(2)));
        oldMode = oldMode.or(() -> Optional.ofNullable(m.group(3)));
      }
    } else {
      return line.startsWith("similarity index ") || line.startsWith("dissimilarity index ");
    }
    return true;
  }

  /** What the lines say that cannot be. */
  Optional<String> problem() {
    if (!readable) {
      return Optional.of("an 'index' line that cannot be read");
    }
    boolean known =
        java.util.stream.Stream.of(oldMode, newMode)
            .flatMap(Optional::stream)
            .allMatch(mode -> mode.matches("100(644|755|600|664)|120000|160000"));
    if (!known) {
      return Optional.of("a mode that is none of git's");
    }
    boolean moves = from.isPresent() || to.isPresent();
    if (from.isPresent() != to.isPresent()
        || (created && (deleted || moves))
        || (deleted && moves)
        || (copy && renamed)
        || !(modes == 0 || (modes == 2 && oldMode.isPresent() && newMode.isPresent()))) {
      return Optional.of("the lines below 'diff --git' contradict each other");
    }
    return Optional.empty();
  }

  /**
   * The names by {@code ---} and {@code +++}, held against those of the first line; empty if they
   * are of different files.
   */
  Optional<List<Bytes>> agreed(
      Optional<List<Bytes>> both, PatchNames.Side old, PatchNames.Side now) {
    boolean absent = old.name().isEmpty() == created && now.name().isEmpty() == deleted;
    if (!absent) {
      return Optional.empty();
    }
    if (from.isPresent() && to.isPresent()) {
      return old.name().filter(n -> PatchNames.means(n, from.get())).isPresent()
              && now.name().filter(n -> PatchNames.means(n, to.get())).isPresent()
          ? Optional.of(List.of(from.get(), to.get()))
          : Optional.empty();
    }
    if (both.isEmpty()) {
      return old.name().isPresent() && now.name().isPresent()
          ? Optional.of(List.of(old.name().get(), now.name().get()))
          : Optional.empty();
    }
    boolean agree =
        old.name().map(both.get().getFirst()::equals).orElse(true)
            && now.name().map(both.get().getLast()::equals).orElse(true);
    return agree ? both : Optional.empty();
  }

  /** Which file it is about; empty if that cannot be told. */
  Optional<Paths> paths(Optional<List<Bytes>> both) {
    if (from.isPresent()) {
      return Optional.of(new Paths(from, to));
    }
    return both.flatMap(names -> PatchNames.same(names.getFirst(), names.getLast()))
        .map(name ->
            new Paths(
                created ? Optional.empty() : Optional.of(name),
                deleted ? Optional.empty() : Optional.of(name)));
  }

  /** True if these lines alone change something. */
  boolean isChange() {
    return created || deleted || from.isPresent() || newMode.isPresent();
  }

  Optional<String> oldMode() {
    return oldMode;
  }

  Optional<String> newMode() {
    return newMode;
  }

  Optional<FilePatch.Ids> ids() {
    return ids;
  }

  boolean isCopy() {
    return copy;
  }
}
