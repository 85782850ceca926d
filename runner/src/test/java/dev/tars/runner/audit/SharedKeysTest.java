package dev.tars.runner.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.ProcessUser;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a shared state directory each signs with a key of their own; nobody with another's name. */
class SharedKeysTest {
  private static final int US = ProcessUser.current().uid();

  @TempDir private Path temp;
  private StoreLayout layout;
  private Path keys;

  @BeforeEach
  void share() throws Exception {
    Path state = Files.createDirectory(temp.resolve("state"));
    assertThat(new ProcessBuilder("chmod", "2770", state.toString()).start().waitFor()).isZero();
    layout = StoreLayout.open(LinuxDisk.create(), state);
    keys = layout.keys();
  }

  /**
   * Signs with a key that is made elsewhere; its public half is left beside ours as {@code name}.
   */
  private ObjectNode signedByAnother(String name) throws Exception {
    StoreLayout elsewhere = StoreLayout.open(LinuxDisk.create(), temp.resolve("elsewhere"));
    ObjectNode signed = new SigningKey(elsewhere).sign(CanonicalJson.object().put("seq", 1));
    Files.write(keys.resolve(name), Base64.getDecoder().decode(signed.path("publicKey").asText()));
    return signed;
  }

  @Test
  void thePrivateHalfIsItsOwnersAlone() throws Exception {
    ObjectNode signed = new SigningKey(layout).sign(CanonicalJson.object().put("seq", 1));
    assertThat(new SigningKey(layout).verify(signed)).isTrue();
    assertThat(mode("ed25519-" + US)).isEqualTo(0600);
    assertThat(mode("ed25519-" + US + ".pub")).isEqualTo(0640);
    signed.put("seq", 2);
    assertThat(new SigningKey(layout).verify(signed)).isFalse();
  }

  @Test
  void aKeyCountsOnlyUnderTheNameOfWhoOwnsTheFile() throws Exception {
    for (String name : new String[] {"ed25519-4711.pub", "ed25519-root.pub", "ed25519-.pub", "x"}) {
      assertThat(new SigningKey(layout).verify(signedByAnother(name))).as(name).isFalse();
    }
    // The control: the same key, named for its owner.
    assertThat(new SigningKey(layout).verify(signedByAnother("ed25519-" + US + ".pub"))).isTrue();
  }

  @Test
  void inADirectoryOfOnesOwnOnlyTheOneKeyCounts() throws Exception {
    Path state = Files.createDirectory(temp.resolve("private"));
    assertThat(new ProcessBuilder("chmod", "0700", state.toString()).start().waitFor()).isZero();
    ObjectNode signed = signedByAnother("ed25519-" + US + ".pub");
    assertThat(new SigningKey(layout).verify(signed)).isTrue(); // the control
    StoreLayout own = StoreLayout.open(LinuxDisk.create(), state);
    Files.copy(
        keys.resolve("ed25519-" + US + ".pub"), own.keys().resolve("ed25519-" + US + ".pub"));
    assertThat(new SigningKey(own).verify(signed)).isFalse();
  }

  private int mode(String name) throws Exception {
    return (int) Files.getAttribute(keys.resolve(name), "unix:mode") & 07777;
  }
}
