package dev.tars.egress.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * The image: the C library of the distribution, a Java runtime of the modules that are needed, and
 * one jar. No shell and no tool is in it. The same input gives the same image on any machine.
 *
 * @param tag the name that the engine gives it
 * @param recipe one word that says what it is made of; it becomes a label
 * @param cache a directory for Jib's layers
 */
record EgressImage(String tag, String recipe, Path cache) {
  private static final String USER = "65532:65532";
  private static final String JAR = "/opt/egress/egress.jar";

  /** The engine adds {@code gateway} or {@code proxy}. */
  private static final List<String> COMMAND =
      List.of(
          "/opt/java/bin/java",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xmx64m",
          "-XX:MaxDirectMemorySize=48m",
          "-Dsun.net.inetaddr.ttl=5",
          "-cp",
          JAR,
          "dev.tars.egress.Egress");

  /** What it is made of; each directory becomes a layer. */
  record Parts(Path libraries, Path runtime, Path jar) {}

  /** Writes a file that {@code docker load} takes, and returns the image's id. */
  String write(Parts parts, Path work, Path archive)
      throws IOException,
          InterruptedException,
          ExecutionException,
          RegistryException,
          CacheDirectoryCreationException,
          InvalidImageReferenceException {
    JibContainerBuilder image =
        Jib.fromScratch()
            .setFileEntriesLayers(
                List.of(
                    tree("libraries", parts.libraries(), ""),
                    tree("java", parts.runtime(), "/opt/java"),
                    program(parts.jar(), work)))
            .setUser(USER)
            .setEntrypoint(COMMAND)
            .setEnvironment(Map.of("LANG", "C.UTF-8"))
            .setLabels(Map.of("dev.tars.image.kind", "egress", "dev.tars.image.recipe", recipe))
            .setFormat(ImageFormat.Docker)
            .setCreationTime(Instant.EPOCH)
            .setPlatforms(Set.of(new Platform(architecture(), "linux")));
    return image
        .containerize(
            Containerizer.to(TarImage.at(archive).named(tag))
                .setBaseImageLayersCache(cache)
                .setApplicationLayersCache(cache)
                .setToolName("tarscli"))
        .getImageId()
        .toString();
  }

  private static String architecture() {
    String arch = System.getProperty("os.arch");
    return arch.equals("aarch64") ? "arm64" : arch;
  }

  /** A link becomes what it points to, which is all that is needed of the few that there are. */
  private static FileEntriesLayer tree(String name, Path root, String target) throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(p -> !p.equals(root)).sorted().toList()) {
        boolean open = Files.isDirectory(path) || Files.isExecutable(path);
        LayerFile.put(layer, path, target + "/" + root.relativize(path), open ? 0755 : 0644);
      }
    }
    return layer.build();
  }

  private static FileEntriesLayer program(Path jar, Path work) throws IOException {
    Path empty = Files.createDirectory(work.resolve("empty"));
    Path names = Files.writeString(work.resolve("nsswitch.conf"), "hosts: files dns\n");
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("egress");
    for (String directory : List.of("/etc", "/etc/egress", "/run", "/opt", "/opt/egress", "/tmp")) {
      LayerFile.put(layer, empty, directory, 0755);
    }
    LayerFile.put(layer, names, "/etc/nsswitch.conf", 0644);
    LayerFile.put(layer, jar, JAR, 0644);
    LayerFile.put(layer, empty, "/run/egress", 0700, USER);
    return layer.build();
  }
}
