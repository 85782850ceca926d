package dev.tars.egress.image;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.tars.runner.model.ByteCount;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds and loads the image from its own class path, as the system properties say: {@code
 * egress.libraries} (a directory), {@code egress.tag}, {@code egress.recipe}, {@code egress.cache}.
 */
public final class BuildEgressImage {
  private BuildEgressImage() {}

  public static void main(String[] args) throws Exception {
    Path cache = Files.createDirectories(Path.of(property("egress.cache")));
    EgressImage image =
        new EgressImage(
            property("egress.tag"), property("egress.recipe"), cache.resolve("jib-egress"));
    Path work = Files.createTempDirectory(cache, "egress-");
    try {
      Path runtime = work.resolve("java");
      JavaRuntime.link(runtime);
      Path jar = EgressJar.write(classPath(), work.resolve("egress.jar"));
      Path archive = work.resolve("image.tar");
      String id =
          image.write(
              new EgressImage.Parts(Path.of(property("egress.libraries")), runtime, jar),
              work,
              archive);
      System.out.println(image.tag() + " " + id + " " + load(archive, id));
    } finally {
      delete(work);
    }
  }

  /** Returns the size that the engine says. */
  private static ByteCount load(Path archive, String id) throws IOException {
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    try (DockerClient engine =
            DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                    .dockerHost(config.getDockerHost())
                    .sslConfig(config.getSSLConfig())
                    .build());
        InputStream in = Files.newInputStream(archive)) {
      engine.loadImageCmd(in).exec();
      Long size = engine.inspectImageCmd(id).exec().getSize();
      return new ByteCount(size == null ? 0 : size);
    }
  }

  private static String property(String name) {
    return Optional.ofNullable(System.getProperty(name))
        .orElseThrow(() -> new IllegalArgumentException("-D" + name + " is missing"));
  }

  private static List<Path> classPath() {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(System.getProperty("java.class.path"))
        .map(Path::of)
        .toList();
  }

  private static void delete(Path work) throws IOException {
    try (Stream<Path> paths = Files.walk(work)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
