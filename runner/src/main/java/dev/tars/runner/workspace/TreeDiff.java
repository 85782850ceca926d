package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Where two trees differ. */
final class TreeDiff {
  private TreeDiff() {}

  /** The differences of two sorted lists of entries, in path order. */
  static List<TreeDifference> of(List<TreeFile.Node> before, List<TreeFile.Node> after) {
    return differences(before, after, (b, a) -> b.entry().equals(a.entry()));
  }

  /** The paths at which the copy of the one does not serve for the other; times of files count. */
  static List<RelativePath> stored(List<TreeFile.Node> before, List<TreeFile.Node> after) {
    return differences(
            before,
            after,
            (b, a) ->
                a.entry() instanceof TreeEntry.RegularFile
                    ? b.isSameFile(a)
                    : b.entry().equals(a.entry()))
        .stream()
        .map(TreeDifference::path)
        .toList();
  }

  private static List<TreeDifference> differences(
      List<TreeFile.Node> before,
      List<TreeFile.Node> after,
      BiPredicate<TreeFile.Node, TreeFile.Node> same) {
    List<TreeDifference> found = new ArrayList<>();
    int b = 0;
    int a = 0;
    while (b < before.size() || a < after.size()) {
      int order =
          b == before.size()
              ? 1
              : a == after.size() ? -1 : before.get(b).path().compareTo(after.get(a).path());
      Optional<TreeFile.Node> then = order <= 0 ? Optional.of(before.get(b++)) : Optional.empty();
      Optional<TreeFile.Node> now = order >= 0 ? Optional.of(after.get(a++)) : Optional.empty();
      if (order != 0 || !same.test(then.orElseThrow(), now.orElseThrow())) {
        found.add(
            new TreeDifference(
                then.or(() -> now).orElseThrow().path(),
                then.map(TreeFile.Node::entry),
                now.map(TreeFile.Node::entry)));
      }
    }
    return found;
  }
}
