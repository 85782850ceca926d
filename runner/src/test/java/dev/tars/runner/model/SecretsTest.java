package dev.tars.runner.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like a credential, and what only reads like one. */
final class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy --password s3cr3tvalue --verbose",
        "deploy --db-password 's3cr3tvalue two' x",
        "deploy --password \"s3cr3tvalue\"",
        "deploy -token s3cr3tvalue",
        "deploy --auth-token\ts3cr3tvalue",
        "deploy --client-secret s3cr3tvalue",
        "deploy --apiKey s3cr3tvalue",
        "deploy --api-key s3cr3tvalue",
        "deploy --api_key  s3cr3tvalue; ls",
        "deploy --passphrase s3cr3tvalue",
        "--password=s3cr3tvalue",
      })
  void theValueOfAnOptionIsTakenOut(String command) {
    assertThat(Secrets.redacted(command)).doesNotContain("s3cr3tvalue").contains(Secrets.MARK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy --token-file tokens.txt",
        "deploy --tokenizer bert",
        "deploy --password --verbose",
        "deploy -v token",
        "the password is in a vault",
        "mono-password x",
        "git log --author secretary",
      })
  void whatOnlyReadsLikeOneStays(String command) {
    assertThat(Secrets.redacted(command)).isEqualTo(command);
  }

  @ParameterizedTest
  @CsvSource({
    "hunter2, --password, true",
    "hunter2, --db-password, true",
    "hunter2, -token, true",
    "hunter2, --accessToken, true",
    "hunter2, --password-file, false",
    "hunter2, password, false",
    "--verbose, --password, false",
    "hunter2, '', false",
  })
  void aWordAfterAnOptionIsItsValue(String word, String before, boolean value) {
    assertThat(Secrets.isValueOf(word, before)).isEqualTo(value);
  }

  @Test
  void aLongHostileTextCostsNoTime() {
    String text = "--token".repeat(20_000) + "-".repeat(40_000) + "--a.".repeat(20_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> Secrets.redacted(text + Secrets.isValueOf("x", text)));
  }
}
