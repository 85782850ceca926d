package dev.tars.runner.run;

import dev.tars.runner.files.NamedFile;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.UpstreamProxy;
import dev.tars.runner.store.ProcessUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the proxy of a company asks for. It is read when a network is opened, handed to our proxy
 * alone, and in no record.
 */
final class ProxyCredentials {
  private static final int LONGEST = 1024;

  private ProxyCredentials() {}

  /**
   * The line of the file that the policy names; the empty string where it names none.
   *
   * @throws RunnerException CONFIG_INVALID if it cannot be used, or others may read it
   */
  static String of(UpstreamProxy upstream) {
    return upstream.credentials().map(file -> read(Path.of(file))).orElse("");
  }

  private static String read(Path file) {
    try {
      String text = new String(NamedFile.read(file, LONGEST), StandardCharsets.UTF_8).strip();
      if (((int) Files.getAttribute(file, "unix:mode") & 0077) != 0) {
        throw unusable(file, "others than its owner may read it", "chmod 600 it");
      }
      int owner = (int) Files.getAttribute(file, "unix:uid");
      if (owner != 0 && owner != ProcessUser.current().uid()) {
        throw unusable(file, "it belongs to another user", "let root or yourself own it");
      }
      if (!text.matches("[^\\p{Cntrl}:]+:[^\\p{Cntrl}]+")) {
        throw unusable(file, "it is not one line user:password", "correct it");
      }
      return text;
    } catch (IOException e) {
      throw unusable(file, "it cannot be read", "check the path and its permissions");
    }
  }

  private static RunnerException unusable(Path file, String why, String help) {
    return RunnerException.of(
            FailureCode.CONFIG_INVALID,
            "the credentials of network.upstream cannot be used: " + why)
        .at(Escape.line(file.toString()))
        .note("a policy's proxy is never left out; nothing has run")
        .help(help);
  }
}
