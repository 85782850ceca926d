package dev.tars.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/** The calls of Jib, with fixed times and names so that the same input gives the same image. */
final class JibBuild {
  private final Path cache;
  private final String architecture;

  JibBuild(Path cache, String architecture) {
    this.cache = cache;
    this.architecture = architecture;
  }

  /** Fetches an image of a registry into a file, unchanged. */
  void fetch(String reference, Path archive) throws IOException {
    ImageReference name = reference(reference);
    RegistryImage base =
        RegistryImage.named(name)
            .addCredentialRetriever(
                CredentialRetrieverFactory.forImage(name, JibBuild::ignore).dockerConfig());
    run(Jib.from(base), "base:fetched", archive, onThisMachine(name));
  }

  private static void ignore(LogEvent event) {
    // A user without credentials is no news; a refusal by the registry is told by its exception.
  }

  /** A registry on the loopback address may speak plain HTTP, as engines hold it too. */
  private static boolean onThisMachine(ImageReference name) {
    return name.getRegistry().matches("(localhost|127\\.[0-9.]+|\\[::1\\])(:[0-9]+)?");
  }

  /** Puts {@code layer} and the settings of the box on a base; returns the image's id. */
  String build(Path base, FileEntriesLayer layer, Settings settings, Path archive)
      throws IOException {
    JibContainerBuilder image =
        Jib.from(TarImage.at(base))
            .addFileEntriesLayer(layer)
            .setUser(TopLayer.USER)
            .setWorkingDirectory(AbsoluteUnixPath.get(TopLayer.WORKSPACE))
            .setEntrypoint(List.of())
            .setProgramArguments(List.of("/bin/sh"))
            .setEnvironment(settings.environment())
            .setLabels(settings.labels());
    return run(image, settings.tag(), archive, false).getImageId().toString();
  }

  /** What the finished image says of itself, in a fixed order: the order is part of its digest. */
  record Settings(String tag, Map<String, String> environment, Map<String, String> labels) {
    Settings {
      environment = Collections.unmodifiableMap(new TreeMap<>(environment));
      labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
  }

  private JibContainer run(JibContainerBuilder image, String tag, Path archive, boolean plainHttp)
      throws IOException {
    image.setFormat(ImageFormat.Docker);
    image.setCreationTime(Instant.EPOCH);
    image.setPlatforms(Set.of(new Platform(architecture, "linux")));
    Containerizer into =
        Containerizer.to(TarImage.at(archive).named(reference(tag)))
            .setBaseImageLayersCache(cache)
            .setApplicationLayersCache(cache)
            .setAllowInsecureRegistries(plainHttp)
            .setToolName("tarscli");
    try {
      return image.containerize(into);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RunnerException.of(FailureCode.INTERRUPTED, "the build of the image was interrupted")
          .cause(e)
          .help("Run it again; finished layers are kept.");
    } catch (RegistryException | ExecutionException | CacheDirectoryCreationException e) {
      throw RunnerException.of(FailureCode.IO_FAILED, "Jib could not build the sandbox image")
          .note(Escape.line(String.valueOf(e.getMessage())))
          .cause(e)
          .help("Check the name of the base and the way to its registry, then run it again.");
    }
  }

  private static ImageReference reference(String text) {
    try {
      return ImageReference.parse(text);
    } catch (InvalidImageReferenceException e) {
      throw RunnerException.of(FailureCode.USAGE, "not the name of an image: " + Escape.line(text))
          .cause(e)
          .help("Write it as REPOSITORY:TAG or REGISTRY/REPOSITORY:TAG.");
    }
  }
}
