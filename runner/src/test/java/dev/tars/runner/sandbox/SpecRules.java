package dev.tars.runner.sandbox;

import static dev.tars.runner.sandbox.FakeSandbox.require;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What every spec that is run must keep to, whoever made it. */
final class SpecRules {
  private SpecRules() {}

  static void require(SandboxSpec spec, Path state) {
    FakeSandbox.require(!spec.argv().isEmpty(), "there is no command");
    FakeSandbox.require(
        Stream.concat(spec.argv().stream(), spec.env().values().stream())
            .noneMatch(text -> text.indexOf('\0') >= 0),
        "a NUL in command or environment");
    FakeSandbox.require(
        spec.env().keySet().stream().allMatch(name -> name.matches("[^=\0]+")),
        "a variable without a name");
    FakeSandbox.require(isPlain(spec.cwd()), "not a directory of the box: " + spec.cwd());
    FakeSandbox.require(
        Path.of(spec.cwd()).startsWith(SandboxSpecs.WORKSPACE), "it does not run in the workspace");
    FakeSandbox.require(
        spec.limits().wallClock().isPositive(), "no time: " + spec.limits().wallClock());
    FakeSandbox.require(spec.owner().context().matches("CTX-[1-9][0-9]*"), "it belongs to nobody");
    FakeSandbox.require(!spec.owner().purpose().isBlank(), "it is for nothing");
    FakeSandbox.require(
        !spec.layers().isEmpty()
            && spec.layers().getFirst().target().equals(SandboxSpecs.WORKSPACE),
        "the workspace is not the first layer");
    Set<Path> seen = new HashSet<>();
    for (LayerMount layer : spec.layers()) {
      FakeSandbox.require(isPlain(layer.target()), "not a place of the box: " + layer.target());
      FakeSandbox.require(seen.add(Path.of(layer.target())), "two layers at one place");
      require(layer, state);
    }
  }

  private static boolean isPlain(String path) {
    return path.startsWith("/") && Path.of(path).normalize().toString().equals(path);
  }

  private static void require(LayerMount layer, Path state) {
    FakeSandbox.require(!layer.lowers().isEmpty(), "a layer on nothing");
    for (Path path :
        Stream.concat(layer.lowers().stream(), Stream.of(layer.upper(), layer.work())).toList()) {
      FakeSandbox.require(
          path.startsWith(state) && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS),
          "no directory of the state directory: " + path);
    }
    FakeSandbox.require(
        layer.upper().resolveSibling("work").equals(layer.work()), "upper and work of two layers");
    requireUnwritten(layer.upper());
  }

  /** Nobody has a file of it open, and no writer is half way. */
  private static void requireUnwritten(Path upper) {
    try {
      List<Path> all;
      try (Stream<Path> walk = Files.walk(upper)) {
        all = walk.filter(p -> p.getFileName().toString().startsWith(".tars-new-")).toList();
      }
      FakeSandbox.require(all.isEmpty(), "a layer that is being written: " + all);
      List<Path> open;
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
        open = descriptors.map(SpecRules::target).filter(p -> p.startsWith(upper)).toList();
      }
      FakeSandbox.require(open.isEmpty(), "a layer that is open: " + open);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) {
      return descriptor; // it is closed by now
    }
  }
}
