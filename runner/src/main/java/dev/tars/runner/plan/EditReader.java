package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FileEdit;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads edits: each is a map with one form. */
final class EditReader {
  private static final int MAX_EDITS = 10_000;
  private static final int MAX_OPERATIONS = 1000;
  private static final List<String> OPERATIONS =
      List.of("add", "remove", "replace", "move", "copy", "test");
  private static final int MAX_TARGET = 4095;
  private static final List<String> FORMS =
      List.of(
          "content",
          "contentFrom",
          "patch",
          "patchFrom",
          "replace",
          "insert",
          "jsonPatch",
          "append",
          "prepend",
          "mode",
          "move",
          "symlink",
          "symlinkBase64",
          "binary");

  private final BesideFiles beside;

  EditReader(BesideFiles beside) {
    this.beside = beside;
  }

  /** {@code edits:} of a FileModification. */
  List<StepAction.PlacedEdit> list(YamlMap action) {
    List<StepAction.PlacedEdit> edits = new ArrayList<>();
    List<YamlMap> maps = action.maps("edits");
    if (maps.isEmpty() || maps.size() > MAX_EDITS) {
      action.problem("edits", "edits needs 1 to " + MAX_EDITS + " entries", "add an edit");
    }
    for (YamlMap map : maps) {
      List<String> used = FORMS.stream().filter(map::has).toList();
      if (used.size() != 1) {
        map.problems()
            .add(
                map.position(),
                used.isEmpty() ? "an edit without a form" : "an edit with two forms: " + used,
                "use exactly one of: " + String.join(", ", FORMS));
      } else {
        edit(map, used.getFirst())
            .ifPresent(e -> edits.add(new StepAction.PlacedEdit(e, map.position())));
      }
      map.closed();
    }
    return edits;
  }

  /** A FileCreation has its content, or link, and its mode directly in the action. */
  List<StepAction.PlacedEdit> creation(YamlMap action) {
    List<StepAction.PlacedEdit> edits = new ArrayList<>();
    List<String> used =
        List.of("content", "contentFrom", "binary", "symlink", "symlinkBase64").stream()
            .filter(action::has)
            .toList();
    if (used.size() != 1) {
      action
          .problems()
          .add(
              action.position(),
              "a FileCreation has one of content, contentFrom, binary, symlink",
              "add content: for a text file");
    }
    for (String form : used) {
      edit(action, form)
          .ifPresent(e -> edits.add(new StepAction.PlacedEdit(e, action.position(form))));
    }
    if (action.has("mode")) {
      edit(action, "mode")
          .ifPresent(e -> edits.add(new StepAction.PlacedEdit(e, action.position("mode"))));
    }
    return edits;
  }

  private Optional<FileEdit> edit(YamlMap map, String form) {
    return switch (form) {
      case "content" -> map.optionalString(form).map(t -> new FileEdit.Content(Bytes.utf8(t)));
      case "contentFrom" -> from(map, form).map(FileEdit.Content::new);
      case "patch" -> map.optionalString(form).map(t -> new FileEdit.Patch(Bytes.utf8(t)));
      case "patchFrom" -> from(map, form).map(FileEdit.Patch::new);
      case "replace" -> map.optionalMap(form).flatMap(EditReader::replace);
      case "insert" -> map.optionalMap(form).flatMap(EditReader::insert);
      case "jsonPatch" -> jsonPatch(map);
      case "append" -> map.optionalString(form).map(FileEdit.Append::new);
      case "prepend" -> map.optionalString(form).map(FileEdit.Prepend::new);
      case "mode" -> mode(map);
      case "move" -> Values.optionalPath(map, form).map(FileEdit.Move::new);
      case "symlink" -> map.optionalString(form).flatMap(t -> symlink(map, form, Bytes.utf8(t)));
      case "symlinkBase64" -> Values.bytes(map, form).flatMap(t -> symlink(map, form, t));
      default -> map.optionalMap(form).flatMap(EditReader::binary);
    };
  }

  /** {@code contentFrom: {file: …, sha256: …}}. */
  private Optional<Bytes> from(YamlMap map, String form) {
    return map.optionalMap(form)
        .flatMap(m -> {
          Optional<Bytes> bytes = beside.read(m, "file");
          m.closed();
          return bytes;
        });
  }

  private static Optional<FileEdit> replace(YamlMap map) {
    String find = map.string("find");
    Optional<String> with = map.optionalString("with");
    int occurrences = map.optionalInt("occurrences", 1, 1_000_000).orElse(1);
    if (find.isEmpty() && map.has("find")) {
      map.problem("find", "find is empty", "write the text to replace");
    }
    if (with.isEmpty() && !map.has("with")) {
      map.string("with");
    }
    map.closed();
    return find.isEmpty() || with.isEmpty()
        ? Optional.empty()
        : Optional.of(new FileEdit.Replace(find, with.get(), occurrences));
  }

  private static Optional<FileEdit> insert(YamlMap map) {
    Optional<String> before = map.optionalString("before");
    Optional<String> after = map.optionalString("after");
    String text = map.string("text");
    map.closed();
    String anchor = before.or(() -> after).orElse("");
    if (before.isPresent() == after.isPresent() || anchor.isEmpty()) {
      map.problems().add(map.position(), "insert has one anchor", "write either before: or after:");
      return Optional.empty();
    }
    return Optional.of(new FileEdit.Insert(anchor, before.isPresent(), text));
  }

  private static Optional<FileEdit> jsonPatch(YamlMap map) {
    List<String> operations = new ArrayList<>();
    for (YamlMap operation : map.maps("jsonPatch")) {
      if (operation(operation)) {
        var json = dev.tars.runner.model.CanonicalJson.object();
        for (String key : operation.names()) {
          json.putRawValue(
              key, new com.fasterxml.jackson.databind.util.RawValue(operation.json(key)));
        }
        operations.add(json.toString());
      }
    }
    if (operations.isEmpty() || operations.size() > MAX_OPERATIONS) {
      map.problem(
          "jsonPatch", "jsonPatch needs 1 to " + MAX_OPERATIONS + " operations", "add operations");
    }
    return Optional.of(new FileEdit.JsonPatch(operations));
  }

  /** RFC 6902: which members an operation has depends on what it does. */
  private static boolean operation(YamlMap map) {
    Optional<String> op = map.optionalWord("op", OPERATIONS);
    if (op.isEmpty()) {
      if (!map.has("op")) {
        map.string("op");
      }
      return false;
    }
    boolean good = pointer(map, "path");
    switch (op.get()) {
      case "add", "replace", "test" -> {
        if (!map.has("value")) {
          map.problem("op", op.get() + " has no value", "add 'value'");
          good = false;
        }
        map.json("value");
      }
      case "move", "copy" -> good &= pointer(map, "from");
      default -> {}
    }
    map.closed();
    return good;
  }

  private static boolean pointer(YamlMap map, String key) {
    String pointer = map.string(key);
    boolean good = map.has(key) && isPointer(pointer);
    if (map.has(key) && !good) {
      map.problem(
          key, key + " is not a JSON pointer", "write '' or /name/0/name; '~' is ~0, '/' is ~1");
    }
    return good;
  }

  /** By hand: a regular expression with a choice that repeats goes as deep as the text is long. */
  private static boolean isPointer(String text) {
    for (int at = text.indexOf('~'); at >= 0; at = text.indexOf('~', at + 1)) {
      if (at + 1 == text.length() || (text.charAt(at + 1) != '0' && text.charAt(at + 1) != '1')) {
        return false;
      }
    }
    return text.isEmpty() || text.startsWith("/");
  }

  private static Optional<FileEdit> mode(YamlMap map) {
    Optional<String> text = map.optionalString("mode");
    if (text.isPresent() && !text.get().matches("0?[0-7]{3}")) {
      map.problem("mode", "mode must be three octal digits in quotes", "write for example \"755\"");
      return Optional.empty();
    }
    return text.map(t -> new FileEdit.Mode(Integer.parseInt(t, 8)));
  }

  private static Optional<FileEdit> symlink(YamlMap map, String form, Bytes target) {
    if (target.length() == 0 || target.length() > MAX_TARGET || hasNul(target)) {
      map.problem(form, "not a link target", "write a relative path");
      return Optional.empty();
    }
    return Optional.of(new FileEdit.Symlink(target));
  }

  private static boolean hasNul(Bytes bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.at(i) == 0) {
        return true;
      }
    }
    return false;
  }

  private static Optional<FileEdit> binary(YamlMap map) {
    String base64 = map.string("base64");
    Optional<Digest> wanted = Values.digest(map, "sha256");
    if (wanted.isEmpty() && !map.has("sha256")) {
      map.string("sha256");
    }
    map.closed();
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(base64);
      if (wanted.isPresent() && !Digest.of(bytes).equals(wanted.get())) {
        map.problem(
            "sha256",
            "sha256 is not that of the content",
            "its SHA-256 is " + Digest.of(bytes).hex());
      }
      return Optional.of(new FileEdit.Content(Bytes.of(bytes)));
    } catch (IllegalArgumentException e) {
      map.problem("base64", "not base64: " + e.getMessage(), "encode the file again");
      return Optional.empty();
    }
  }
}
