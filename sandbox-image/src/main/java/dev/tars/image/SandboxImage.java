package dev.tars.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Builds, loads and lists sandbox images. */
public final class SandboxImage {
  private SandboxImage() {}

  /**
   * Builds the image and loads it into the engine under the request's tag. The image's id depends
   * on the base, the recipe and this code, and on nothing else.
   *
   * @throws RunnerException if the base cannot be had or used, or the engine refuses the image
   */
  public static LoadedImage build(BuildRequest request, EngineConnection engine) {
    return withWork(
        request,
        work -> {
          Path archive = work.resolve("image.tar");
          String id = write(request, work, archive);
          engine.load(archive);
          return find(engine, id)
              .orElseThrow(() ->
                  new RunnerException(
                      FailureCode.IMAGE_MISSING,
                      "the engine took the image but does not have " + id,
                      "Look at the engine's log."));
        });
  }

  /** Builds the image into a file that {@code docker load} takes, and returns its id. */
  public static String buildArchive(BuildRequest request, Path archive) {
    return withWork(request, work -> write(request, work, archive));
  }

  /** The sandbox images of an engine: those that carry our labels. */
  public static List<LoadedImage> list(EngineConnection engine) {
    List<LoadedImage> images = new ArrayList<>();
    String filter = "%7B%22label%22%3A%5B%22" + ImageLabels.SCHEMA + "%22%5D%7D";
    for (JsonNode image : engine.get("/images/json?filters=" + filter)) {
      find(engine, image.path("Id").asText()).ifPresent(images::add);
    }
    return List.copyOf(images);
  }

  /** An image of the engine by name or id, whoever made it. */
  public static Optional<LoadedImage> find(EngineConnection engine, String nameOrId) {
    JsonNode image = engine.get("/images/" + nameOrId + "/json");
    if (image.isMissingNode()) {
      return Optional.empty();
    }
    List<String> tags = new ArrayList<>();
    image.path("RepoTags").forEach(tag -> tags.add(tag.asText()));
    Map<String, String> labels = new TreeMap<>();
    image
        .path("Config")
        .path("Labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    ByteCount size = new ByteCount(image.path("Size").asLong());
    return Optional.of(new LoadedImage(image.path("Id").asText(), tags, size, labels));
  }

  private static String write(BuildRequest request, Path work, Path archive) throws IOException {
    JibBuild jib = new JibBuild(request.cache().resolve("jib"), architecture());
    LayerScan scan = new LayerScan(Files.createDirectory(work.resolve("scan")));
    Path base = base(request.base(), jib, scan, work);
    DockerArchive image = new DockerArchive(base);
    if (!image.volumes().isEmpty()) {
      throw new RunnerException(
          FailureCode.IMAGE_REFUSED,
          "the base declares a VOLUME: " + Escape.line(String.join(", ", image.volumes())),
          "Use a base without one: a volume stays writable when the root file system is not.");
    }
    ImageContents contents = scan.contents();
    FileEntriesLayer layer = TopLayer.of(contents, architecture(), work);
    JibBuild.Settings settings =
        new JibBuild.Settings(
            request.tag(),
            environment(contents, image.environment()),
            ImageLabels.of(request, contents, Grammars.size(architecture())));
    return jib.build(base, layer, settings, archive);
  }

  private static Path base(ImageBase base, JibBuild jib, LayerScan scan, Path work)
      throws IOException {
    Path archive = work.resolve("base.tar");
    return switch (base) {
      case ImageBase.RootFileSystem(Path tar) -> {
        RootFsArchive.wrap(tar, architecture(), archive);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(tar), 1 << 16)) {
          scan.add(in);
        }
        yield archive;
      }
      case ImageBase.Archive(Path tar) -> {
        new DockerArchive(tar).scan(scan);
        yield tar;
      }
      case ImageBase.Registry(String reference) -> {
        jib.fetch(reference, archive);
        new DockerArchive(archive).scan(scan);
        yield archive;
      }
    };
  }

  private static Map<String, String> environment(ImageContents contents, List<String> inherited) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", TopLayer.HOME);
    environment.put("LANG", "C.UTF-8");
    if (inherited.stream().noneMatch(e -> e.startsWith("JAVA_HOME="))) {
      contents.files().keySet().stream()
          .filter(path -> path.matches("usr/lib/jvm/[^/]+/bin/javac"))
          .findFirst()
          .map(path -> "/" + path.substring(0, path.length() - "/bin/javac".length()))
          .ifPresent(home -> environment.put("JAVA_HOME", home));
    }
    return environment;
  }

  private static String architecture() {
    String arch = System.getProperty("os.arch");
    return arch.equals("aarch64") ? "arm64" : arch;
  }

  private interface Work<T> {
    T in(Path directory) throws IOException;
  }

  private static <T> T withWork(BuildRequest request, Work<T> action) {
    try {
      Files.createDirectories(request.cache());
      Path work = Files.createTempDirectory(request.cache(), "build-");
      try {
        return action.in(work);
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      throw RunnerException.of(FailureCode.IO_FAILED, "the sandbox image could not be built")
          .at(request.cache())
          .note(Escape.line(String.valueOf(e)))
          .cause(e)
          .help("Check the free space and the rights of that directory.");
    }
  }

  private static void delete(Path work) throws IOException {
    try (Stream<Path> paths = Files.walk(work)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
