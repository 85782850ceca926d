package dev.tars.image;

import dev.tars.runner.model.RunnerException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Builds and loads the image as the system properties say: {@code sandbox.base}, {@code
 * sandbox.tag}, {@code sandbox.recipe}, {@code sandbox.cache}. Exits with the code of the failure.
 */
public final class BuildImage {
  private BuildImage() {}

  public static void main(String[] args) {
    try {
      BuildRequest request =
          new BuildRequest(
              ImageBase.parse(System.getProperty("sandbox.base", "")),
              System.getProperty("sandbox.tag", "tars-sandbox:default"),
              System.getProperty("sandbox.recipe", "custom"),
              cache());
      String host =
          Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock");
      LoadedImage image = SandboxImage.build(request, EngineConnection.at(host));
      System.out.println(request.tag() + " " + image.id() + " " + image.size());
    } catch (RunnerException e) {
      System.err.println("error[" + e.code().id() + "]: " + e.getMessage());
      e.notes().forEach(note -> System.err.println("   = " + note));
      System.err.println("   = help: " + e.help());
      System.exit(e.code().exitCode());
    }
  }

  private static Path cache() {
    String home = System.getProperty("user.home");
    return Optional.ofNullable(System.getProperty("sandbox.cache"))
        .or(() -> Optional.ofNullable(System.getenv("TARS_CACHE")))
        .or(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).map(d -> d + "/tars"))
        .map(Path::of)
        .orElse(Path.of(home, ".cache", "tars"));
  }
}
