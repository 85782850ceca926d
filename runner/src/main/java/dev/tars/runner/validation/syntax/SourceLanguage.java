package dev.tars.runner.validation.syntax;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Languages that a box parses, by what a file is called and how it begins.
 *
 * @param id what the parsers of the box call it
 * @param shown what findings call it, as in {@code syntax.cpp}
 * @param soft true if projects write what its grammar does not know (macros, dialects), so that
 *     only a file that was right before says anything
 */
record SourceLanguage(String id, String shown, boolean soft) {
  private static final Map<String, SourceLanguage> BY_ID =
      Map.ofEntries(
          entry("python", false),
          entry("javascript", false),
          Map.entry("jsx", new SourceLanguage("jsx", "javascript", false)),
          entry("typescript", false),
          Map.entry("tsx", new SourceLanguage("tsx", "typescript", false)),
          entry("shell", false),
          entry("toml", false),
          entry("go", false),
          entry("rust", false),
          entry("c", true),
          Map.entry("header", new SourceLanguage("header", "c", true)),
          entry("cpp", true),
          entry("ruby", true),
          entry("php", true),
          entry("kotlin", true),
          entry("sql", true),
          entry("html", true),
          entry("css", true),
          entry("dockerfile", true));

  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("py", "python"),
          Map.entry("pyi", "python"),
          Map.entry("pyw", "python"),
          Map.entry("js", "javascript"),
          Map.entry("mjs", "javascript"),
          Map.entry("cjs", "javascript"),
          Map.entry("jsx", "jsx"),
          Map.entry("ts", "typescript"),
          Map.entry("mts", "typescript"),
          Map.entry("cts", "typescript"),
          Map.entry("tsx", "tsx"),
          Map.entry("sh", "shell"),
          Map.entry("bash", "shell"),
          Map.entry("toml", "toml"),
          Map.entry("go", "go"),
          Map.entry("rs", "rust"),
          Map.entry("c", "c"),
          Map.entry("h", "header"),
          Map.entry("cc", "cpp"),
          Map.entry("cpp", "cpp"),
          Map.entry("cxx", "cpp"),
          Map.entry("hh", "cpp"),
          Map.entry("hpp", "cpp"),
          Map.entry("hxx", "cpp"),
          Map.entry("rb", "ruby"),
          Map.entry("rake", "ruby"),
          Map.entry("gemspec", "ruby"),
          Map.entry("php", "php"),
          Map.entry("kt", "kotlin"),
          Map.entry("kts", "kotlin"),
          Map.entry("sql", "sql"),
          Map.entry("html", "html"),
          Map.entry("htm", "html"),
          Map.entry("css", "css"),
          Map.entry("dockerfile", "dockerfile"));

  private static final Map<String, String> BY_NAME =
      Map.of(
          "dockerfile", "dockerfile",
          "containerfile", "dockerfile",
          "rakefile", "ruby",
          "gemfile", "ruby");

  /** Source that no box of ours parses, so that it is said. */
  private static final Map<String, String> UNPARSED =
      Map.ofEntries(
          Map.entry("makefile", "make"),
          Map.entry("gnumakefile", "make"),
          Map.entry("mk", "make"),
          Map.entry("scala", "Scala"),
          Map.entry("swift", "Swift"),
          Map.entry("cs", "C#"),
          Map.entry("fs", "F#"),
          Map.entry("vb", "Visual Basic"),
          Map.entry("lua", "Lua"),
          Map.entry("pl", "Perl"),
          Map.entry("pm", "Perl"),
          Map.entry("ex", "Elixir"),
          Map.entry("exs", "Elixir"),
          Map.entry("hs", "Haskell"),
          Map.entry("zig", "Zig"),
          Map.entry("dart", "Dart"),
          Map.entry("vue", "Vue"),
          Map.entry("svelte", "Svelte"),
          Map.entry("scss", "Sass"),
          Map.entry("less", "Less"),
          Map.entry("groovy", "Groovy"),
          Map.entry("gradle", "Groovy"),
          Map.entry("clj", "Clojure"),
          Map.entry("jl", "Julia"),
          Map.entry("proto", "Protocol Buffers"),
          Map.entry("tf", "Terraform"),
          Map.entry("nix", "Nix"),
          Map.entry("ps1", "PowerShell"),
          Map.entry("bat", "batch"),
          Map.entry("cmd", "batch"));

  private static final Pattern SHEBANG =
      Pattern.compile(
          "#!\\s{0,9}\\S{0,200}?(?:/env\\s{1,9}(?:-S\\s{1,9})?|/)(python[0-9.]*|node|sh|bash|dash|ruby|php)(?:\\s.*)?");

  private static Map.Entry<String, SourceLanguage> entry(String id, boolean soft) {
    return Map.entry(id, new SourceLanguage(id, id, soft));
  }

  /** The language of a file with this name, in lower case, and this first line. */
  static Optional<SourceLanguage> of(String name, String firstLine) {
    String extension = extension(name);
    boolean markup = firstLine.startsWith("<?xml") || firstLine.startsWith("<!DOCTYPE");
    if (markup && !extension.startsWith("htm")) {
      return Optional.empty(); // translations of Qt are called .ts, too
    }
    String id = BY_NAME.getOrDefault(name, BY_EXTENSION.getOrDefault(extension, ""));
    if (id.isEmpty() && name.startsWith("dockerfile.")) {
      id = "dockerfile";
    }
    if (id.isEmpty() && extension.isEmpty()) {
      id = interpreter(firstLine);
    }
    return Optional.ofNullable(BY_ID.get(id));
  }

  /** What a language is called that is known and that nothing here parses. */
  static Optional<String> unparsed(String name) {
    return Optional.ofNullable(UNPARSED.getOrDefault(name, UNPARSED.get(extension(name))));
  }

  private static String interpreter(String firstLine) {
    Matcher m = SHEBANG.matcher(firstLine);
    if (!m.matches()) {
      return "";
    }
    String program = m.group(1);
    if (program.startsWith("python")) {
      return "python";
    }
    return switch (program) {
      case "node" -> "javascript";
      case "sh", "bash", "dash" -> "shell";
      default -> program;
    };
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
