package dev.tars.runner.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key file that a power cut or a person has damaged is named, not made anew. */
class DamagedKeyTest {
  @TempDir private Path temp;
  private StoreLayout layout;

  @BeforeEach
  void open() {
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519, 0",
    "ed25519, 10",
    "ed25519, 200",
    "ed25519.pub, 0",
    "ed25519.pub, 43",
    "ed25519.made, 0",
    "ed25519.made, 44",
    "ed25519.made, 91"
  })
  void isNamed(String file, int bytes) throws Exception {
    ObjectNode signed = new SigningKey(layout).sign(CanonicalJson.object().put("seq", 1));
    Path damaged = layout.keys().resolve(file);
    if (file.endsWith(".made")) {
      Files.delete(layout.keys().resolve("ed25519")); // a power cut while the key was made
    }
    Files.write(damaged, new byte[bytes]);
    for (Runnable use :
        new Runnable[] {
          () -> new SigningKey(layout).sign(CanonicalJson.object()),
          () -> new SigningKey(layout).verify(signed)
        }) {
      RunnerException e = catchThrowableOfType(RunnerException.class, use::run);
      assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY);
      assertThat(e).hasMessageContaining("signing key");
    }
    assertThat(Files.readAllBytes(damaged)).hasSize(bytes);
  }

  @Test
  void wholeOnesWork() {
    ObjectNode signed = new SigningKey(layout).sign(CanonicalJson.object().put("seq", 1));
    assertThat(new SigningKey(layout).verify(signed)).isTrue();
  }
}
