package dev.tars.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageBaseTest {
  @TempDir Path temp;

  @Test
  void theFormOfTheTextSaysWhatTheBaseIs() throws IOException {
    Path tar = Files.createFile(temp.resolve("x.tar"));
    assertThat(ImageBase.parse("rootfs:" + tar)).isEqualTo(new ImageBase.RootFileSystem(tar));
    assertThat(ImageBase.parse("tar:" + tar)).isEqualTo(new ImageBase.Archive(tar));
    assertThat(ImageBase.parse("example.org/team/tools:1"))
        .isEqualTo(new ImageBase.Registry("example.org/team/tools:1"));
  }

  @Test
  void aFileThatIsNotThereIsSaidBeforeAnythingIsBuilt() {
    assertThatThrownBy(() -> ImageBase.parse("rootfs:" + temp.resolve("none.tar")))
        .isInstanceOf(RunnerException.class)
        .hasMessageContaining("none.tar");
  }
}
