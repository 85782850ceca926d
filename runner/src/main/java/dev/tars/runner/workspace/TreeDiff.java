package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.List;

/** Where two trees differ. */
final class TreeDiff {
  private TreeDiff() {}

  /** The paths on which two sorted lists of entries differ, in path order. */
  static List<RelativePath> paths(List<TreeFile.Node> before, List<TreeFile.Node> after) {
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
        if (!before.get(b).entry().equals(after.get(a).entry())) {
          paths.add(after.get(a).path());
        }
        b++;
        a++;
      }
    }
    return paths;
  }
}
