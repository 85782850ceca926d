package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real mounts and real file flags where a transaction must not begin. */
class MountsTest {
  @TempDir private Path temporary;

  @Test
  void whatCannotBeChangedOrGivenBackIsRefusedBeforeIntent() throws Exception {
    boolean root = Namespace.isRoot(); // only root, and outside of every name space, sets the flags
    String said =
        Namespace.run(
            MountsMain.class, temporary.resolve("said"), List.of(temporary.toString(), "" + root));
    assertThat(said).isEqualTo(root ? "refused 14 kept 10" : "refused 4 kept 0");
  }
}
