package dev.tars.runner.validation.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Finding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandoffNamesTest {
  @ParameterizedTest
  @CsvSource({
    ".hg/hgrc, git",
    ".jj/repo/config.toml, git",
    ".lfsconfig, git",
    "action.yml, ci",
    "tools/x/action.yaml, ci",
    ".cirrus.yml, ci",
    "netlify.toml, ci",
    ".helix/languages.toml, editor",
    ".bsp/sbt.json, editor",
    ".run/App.run.xml, editor",
    "opencode.json, agent",
    ".opencode/plugin/x.ts, agent",
    "sub/.agents/skills/x/SKILL.md, agent",
    "tools/bazel, build",
    "flake.nix, build",
    "default.nix, build",
    "SConstruct, build",
    "mix.exs, build",
    "phpunit.xml.dist, build",
    ".pylintrc, package",
    "mypy.ini, package",
    "docs/conf.py, package",
    ".pnp.cjs, package",
    ".rubocop.yml, package",
    ".gdbinit, shell",
    "libfoo.so-gdb.py, shell",
    ".lldbinit, shell",
    ".rvmrc, shell",
    ".latexmkrc, build"
  })
  void aNameThatAToolObeysIsHandedOff(String path, String group) {
    assertThat(new ChangeFixture().set(path, "x").findings())
        .extracting(Finding::rule)
        .contains("handoff." + group);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/A.java",
        "README.md",
        "lib/project/a.py",
        "src/tasks.py",
        "src/conf.py",
        "build/x.txt",
        "docs/action.md",
        "app/models.py"
      })
  void anOrdinaryNameIsNot(String path) {
    assertThat(new ChangeFixture().set(path, "x").findings())
        .extracting(Finding::rule)
        .noneMatch(rule -> rule.startsWith("handoff."));
  }
}
