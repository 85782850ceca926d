package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.Sandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfTestTest {
  private static final Sandbox.ImageFacts IMAGE =
      new Sandbox.ImageFacts("sha256:x", "x", 65532, 65532);
  private static final String CLOSED =
      """
      Name:\tcat
      Uid:\t65532\t65532\t65532\t65532
      Gid:\t65532\t65532\t65532\t65532
      CapInh:\t0000000000000000
      CapPrm:\t0000000000000000
      CapEff:\t0000000000000000
      CapBnd:\t0000000000000000
      CapAmb:\t0000000000000000
      NoNewPrivs:\t1
      Seccomp:\t2
      """;

  @Test
  void aClosedBoxPasses() {
    assertThat(SelfTest.read("abc\n" + CLOSED, "abc", IMAGE)).containsEntry("selfTest", "passed");
  }

  @ParameterizedTest
  @CsvSource({
    "CapBnd:\t0000000000000000, CapBnd:\t00000000a80425fb",
    "CapEff:\t0000000000000000, CapEff:\t0000003fffffffff",
    "NoNewPrivs:\t1, NoNewPrivs:\t0",
    "Seccomp:\t2, Seccomp:\t0",
    "Uid:\t65532\t65532, Uid:\t0\t65532",
    "Seccomp:\t2, Nothing:\t2"
  })
  void anythingOpenStopsTheRun(String from, String to) {
    assertThatThrownBy(() -> SelfTest.read("abc\n" + CLOSED.replace(from, to), "abc", IMAGE))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.ISOLATION_DIFFERS));
  }

  @Test
  void aLaterLineCannotTakeBackWhatTheKernelSaid() {
    String open = CLOSED.replace("Seccomp:\t2", "Seccomp:\t0") + "Seccomp:\t2\n";
    assertThatThrownBy(() -> SelfTest.read("abc\n" + open, "abc", IMAGE))
        .isInstanceOf(RunnerException.class);
  }

  @Test
  void anEngineThatDoesNotSeeTheLayerIsASentence() {
    assertThatThrownBy(() -> SelfTest.read(CLOSED, "abc", IMAGE))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.ENGINE_UNSUITABLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERROR: ld.so: object '/x.so' from LD_PRELOAD cannot be preloaded: ignored.\nabc\n",
        "abc\nERROR: ld.so: object '/x.so' from LD_AUDIT cannot be loaded: ignored.\n",
        "Error loading shared library /x.so: No such file or directory (needed by cat)\n",
        "cat: error while loading shared libraries: libx.so: cannot open shared object file\n",
        "cat: symbol lookup error: /x.so: undefined symbol: y\n"
      })
  void anImageWhoseLoaderComplainsIsNamedAndNotTheEngine(String printed) {
    assertThatThrownBy(() -> SelfTest.read(printed + CLOSED, "abc", IMAGE))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.IMAGE_REFUSED);
              assertThat(e.where()).isEqualTo("x");
              assertThat(e.notes().getFirst()).contains("so");
              assertThat(e.help()).contains("LD_PRELOAD");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OCI runtime create failed: exec: \"cat\": executable file not found in $PATH: unknown",
        "crun: executable file `cat` not found in $PATH: No such file or directory"
      })
  void anImageWithoutTheProgramIsSaidToHaveNone(String reason) {
    assertThat(SelfTest.notStarted(reason)).containsKey("selfTest");
  }

  @Test
  void aRuntimeThatStartsNoBoxIsNoSelfTestThatWasLeftOut() {
    String reason = "OCI runtime create failed: cgroups in hybrid mode not supported";

    assertThatThrownBy(() -> SelfTest.notStarted(reason + "x".repeat(9000)))
        .hasMessageContaining(reason)
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.ENGINE_UNSUITABLE);
              assertThat(e.getMessage()).hasSizeLessThan(1500);
            });
  }
}
