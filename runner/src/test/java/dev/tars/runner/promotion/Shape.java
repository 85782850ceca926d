package dev.tars.runner.promotion;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A transaction to explore: what stands there before, and what is done.
 *
 * @param person makes the workspace
 * @param earlier the transactions that came first
 */
record Shape(
    String name, Consumer<Sim> person, Consumer<Sim> earlier, Function<Sim, PromotionOutcome> act) {

  /** One promotion: the workspace, and what is wanted there. */
  private record Promotion(
      String name, Consumer<Sim> base, Function<Sim, Map<String, Optional<TreeEntry>>> wanted) {
    PromotionOutcome promote(Sim sim) {
      return sim.promote(sim.changes(wanted.apply(sim)));
    }

    void done(Sim sim) {
      require(promote(sim));
    }
  }

  /** Every kind of promotion, the rollback of each, the rollback of that, and the odd ones. */
  static List<Shape> all() {
    List<Shape> shapes = new ArrayList<>();
    for (Promotion p : promotions()) {
      shapes.add(new Shape(p.name(), p.base(), s -> {}, p::promote));
      shapes.add(new Shape("rollback of " + p.name(), p.base(), p::done, s -> s.rollback("TX-1")));
      shapes.add(
          new Shape(
              "rollback of rollback of " + p.name(),
              p.base(),
              s -> {
                p.done(s);
                require(s.rollback("TX-1"));
              },
              s -> s.rollback("TX-2")));
    }
    Promotion few = promotions().getFirst();
    for (String path :
        few.wanted().apply(Sim.on(dev.tars.runner.store.SimulatedDisk.empty())).keySet()) {
      shapes.add(
          new Shape(
              "rollback of " + path + " alone",
              few.base(),
              few::done,
              s -> s.rollback(false, Optional.of(path), "TX-1")));
    }
    shapes.add(
        new Shape(
            "forced rollback of a few, edited since",
            few.base(),
            s -> {
              few.done(s);
              s.save("modified", "edited by hand").unlink("made").synced();
            },
            s -> s.rollback(true, Optional.empty(), "TX-1")));
    Promotion every = promotions().get(1);
    shapes.add(
        new Shape(
            "forced rollback of every kind, edited since",
            every.base(),
            s -> {
              every.done(s);
              s.save("modified", "edited by hand")
                  .save("dir-to-file", "edited too")
                  .unlink("link-new")
                  .file("deleted", "made again by hand", 0644)
                  .synced();
            },
            s -> s.rollback(true, Optional.empty(), "TX-1")));
    shapes.add(
        new Shape(
            "rollback of two at once",
            few.base(),
            s -> {
              few.done(s);
              require(
                  s.promote(
                      s.changes(
                          Map.of(
                              "modified", s.of("third", 0644), "second", s.of("second", 0600)))));
            },
            s -> s.rollback("TX-1", "TX-2")));
    shapes.add(
        new Shape(
            "what somebody did by hand already",
            few.base(),
            s -> s.save("modified", "new and longer").unlink("deleted").synced(),
            Shape::promoteFew));
    shapes.add(new Shape("a few files, as verified", few.base(), s -> {}, Shape::promoteFew));
    return shapes;
  }

  /** From what was verified, whatever stands there now. */
  private static PromotionOutcome promoteFew(Sim s) {
    return s.promote(
        PromotionFixture.changeSet(
            change("modified", s.of("old", 0644), s.of("new and longer", 0644)),
            change("deleted", s.of("gone", 0600), Optional.empty()),
            change("made", Optional.empty(), s.of("made", 0600))));
  }

  private static Change change(String path, Optional<TreeEntry> before, Optional<TreeEntry> after) {
    return new Change(RelativePath.of(path), before, after);
  }

  static Shape named(String name) {
    return all().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static void require(PromotionOutcome outcome) {
    if (!(outcome instanceof PromotionOutcome.Committed)) {
      throw new IllegalStateException(outcome.toString());
    }
  }

  private static void strangers(Sim s) {
    s.file("stranger", "not ours", 0644)
        .dir("strangers", 0755)
        .file("strangers/in", "nor this", 0400);
  }

  private static List<Promotion> promotions() {
    List<Promotion> all = new ArrayList<>();
    all.add(
        new Promotion(
            "a few files",
            s -> {
              strangers(s);
              s.file("modified", "old", 0644).file("deleted", "gone", 0600);
            },
            s ->
                map(
                    "modified", s.of("new and longer", 0644),
                    "deleted", Optional.empty(),
                    "made", s.of("made", 0600))));
    all.add(new Promotion("every kind", Shape::everyKindBase, Shape::everyKind));
    all.add(
        new Promotion(
            "modes",
            s -> {
              strangers(s);
              s.file("script", "run", 0644).dir("dir", 0755).file("dir/stays", "stays", 0644);
            },
            s -> map("script", s.of("run", 0755), "dir", Sim.directory(0711))));
    all.add(
        new Promotion(
            "links",
            s -> {
              strangers(s);
              s.link("changed", "stranger")
                  .link("gone", "nowhere")
                  .link("to-file", "stranger")
                  .file("to-link", "was", 0640);
            },
            s ->
                map(
                    "changed", Sim.linkTo("strangers/in"),
                    "gone", Optional.empty(),
                    "made", Sim.linkTo("../outside"),
                    "to-file", s.of("a file now", 0600),
                    "to-link", Sim.linkTo("changed"))));
    all.add(
        new Promotion(
            "new directories",
            Shape::strangers,
            s ->
                map(
                    "a", Sim.directory(0750),
                    "a/b", Sim.directory(0700),
                    "a/b/file", s.of("deep", 0755),
                    "a/empty", Sim.directory(0755),
                    "strangers/new", s.of("beside", 0644))));
    all.add(
        new Promotion(
            "removed directories",
            s -> {
              strangers(s);
              s.dir("a", 0755)
                  .dir("a/b", 0711)
                  .file("a/b/file", "deep", 0755)
                  .file("a/x", "x", 0600)
                  .dir("a/empty", 0700);
            },
            s ->
                map(
                    "a", Optional.empty(),
                    "a/b", Optional.empty(),
                    "a/b/file", Optional.empty(),
                    "a/x", Optional.empty(),
                    "a/empty", Optional.empty())));
    all.add(
        new Promotion(
            "a file becomes a directory",
            s -> {
              strangers(s);
              s.file("f", "was a file", 0640);
            },
            s -> map("f", Sim.directory(0750), "f/in", s.of("inner", 0644))));
    all.add(
        new Promotion(
            "a directory becomes a file",
            s -> {
              strangers(s);
              s.dir("d", 0755).file("d/x", "x", 0644).dir("d/sub", 0755).file("d/sub/y", "y", 0600);
            },
            s ->
                map(
                    "d", s.of("now a file", 0600),
                    "d/x", Optional.empty(),
                    "d/sub", Optional.empty(),
                    "d/sub/y", Optional.empty())));
    all.add(
        new Promotion(
            "directories and links change places",
            s -> {
              strangers(s);
              s.dir("d", 0755).file("d/x", "x", 0644).link("l", "d");
            },
            s ->
                map(
                    "d", Sim.linkTo("l"),
                    "d/x", Optional.empty(),
                    "l", Sim.directory(0700),
                    "l/x", s.of("x", 0644))));
    all.add(
        new Promotion(
            "many changed",
            s -> {
              strangers(s);
              for (int i = 0; i < 9; i++) {
                s.file("f" + i, "old " + i, 0644);
              }
            },
            s -> {
              Map<String, Optional<TreeEntry>> wanted = new LinkedHashMap<>();
              for (int i = 0; i < 9; i++) {
                wanted.put("f" + i, s.of("new " + i, 0600));
              }
              return wanted;
            }));
    all.add(
        new Promotion(
            "many made and removed",
            s -> {
              strangers(s);
              s.dir("d", 0755);
              for (int i = 0; i < 5; i++) {
                s.file("d/g" + i, "old " + i, 0644);
              }
            },
            s -> {
              Map<String, Optional<TreeEntry>> wanted = new LinkedHashMap<>();
              wanted.put("d", Optional.empty());
              wanted.put("e", Sim.directory(0755));
              for (int i = 0; i < 5; i++) {
                wanted.put("d/g" + i, Optional.empty());
                wanted.put("e/n" + i, s.of("new " + i, 0644));
              }
              for (int i = 5; i < 9; i++) {
                wanted.put("e/n" + i, s.of("new " + i, 0640));
              }
              return wanted;
            }));
    return all;
  }

  private static void everyKindBase(Sim s) {
    strangers(s);
    s.file("modified", "old", 0644)
        .file("script", "run", 0644)
        .file("deleted", "gone", 0600)
        .link("link", "modified")
        .file("file-to-dir", "was a file", 0640)
        .dir("dir-to-file", 0755)
        .file("dir-to-file/x", "x", 0644)
        .dir("dir-to-file/sub", 0755)
        .file("dir-to-file/sub/y", "y", 0644)
        .dir("dir-to-link", 0755)
        .file("dir-to-link/z", "z", 0600)
        .file("file-to-link", "was a file too", 0644)
        .dir("dir-mode", 0755)
        .file("dir-mode/stays", "stays", 0644)
        .dir("dir-gone", 0755)
        .dir("dir-gone/a", 0755)
        .file("dir-gone/a/b", "b", 0755);
  }

  private static Map<String, Optional<TreeEntry>> everyKind(Sim s) {
    Map<String, Optional<TreeEntry>> wanted = new LinkedHashMap<>();
    wanted.put("modified", s.of("new and longer", 0644));
    wanted.put("script", s.of("run", 0755));
    wanted.put("deleted", Optional.empty());
    wanted.put("link", Sim.linkTo("stranger"));
    wanted.put("link-new", Sim.linkTo("nowhere"));
    wanted.put("file-to-dir", Sim.directory(0750));
    wanted.put("file-to-dir/inner", s.of("inner", 0644));
    wanted.put("file-to-link", Sim.linkTo("link"));
    wanted.put("dir-to-file", s.of("now a file", 0600));
    wanted.put("dir-to-file/x", Optional.empty());
    wanted.put("dir-to-file/sub", Optional.empty());
    wanted.put("dir-to-file/sub/y", Optional.empty());
    wanted.put("dir-to-link", Sim.linkTo("dir-mode"));
    wanted.put("dir-to-link/z", Optional.empty());
    wanted.put("dir-mode", Sim.directory(0711));
    wanted.put("dir-gone", Optional.empty());
    wanted.put("dir-gone/a", Optional.empty());
    wanted.put("dir-gone/a/b", Optional.empty());
    wanted.put("added", Sim.directory(0755));
    wanted.put("added/deep", Sim.directory(0700));
    wanted.put("added/deep/file", s.of("added", 0755));
    wanted.put("added/empty", s.of("", 0644));
    return wanted;
  }

  /** Paths and what shall stand there, in turn. */
  private static Map<String, Optional<TreeEntry>> map(Object... pairs) {
    Map<String, Optional<TreeEntry>> wanted = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      Optional<?> entry = (Optional<?>) pairs[i + 1];
      wanted.put((String) pairs[i], entry.map(TreeEntry.class::cast));
    }
    return wanted;
  }
}
