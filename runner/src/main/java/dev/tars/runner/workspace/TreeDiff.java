package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Where two trees differ. */
final class TreeDiff {
  private TreeDiff() {}

  /** The paths on which two sorted lists of entries differ, in path order. */
  static List<RelativePath> paths(List<TreeFile.Node> before, List<TreeFile.Node> after) {
    return paths(before, after, (b, a) -> b.entry().equals(a.entry()));
  }

  /** The paths at which the copy of the one does not serve for the other; times of files count. */
  static List<RelativePath> stored(List<TreeFile.Node> before, List<TreeFile.Node> after) {
    return paths(
        before,
        after,
        (b, a) ->
            a.entry() instanceof TreeEntry.RegularFile
                ? b.isSameFile(a)
                : b.entry().equals(a.entry()));
  }

  private static List<RelativePath> paths(
      List<TreeFile.Node> before,
      List<TreeFile.Node> after,
      BiPredicate<TreeFile.Node, TreeFile.Node> same) {
    List<RelativePath> paths = new ArrayList<>();
    int b = 0;
    int a = 0;
    while (b < before.size() || a < after.size()) {
      int order =
          b == before.size()
              ? 1
              : a == after.size() ? -1 : before.get(b).path().compareTo(after.get(a).path());
      if (order < 0) {
        paths.add(before.get(b++).path());
      } else if (order > 0) {
        paths.add(after.get(a++).path());
      } else {
        if (!same.test(before.get(b), after.get(a))) {
          paths.add(after.get(a).path());
        }
        b++;
        a++;
      }
    }
    return paths;
  }
}
