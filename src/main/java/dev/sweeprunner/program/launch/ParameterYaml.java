package dev.sweeprunner.program.launch;

import dev.sweeprunner.python.PythonText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.events.StreamStartEvent;

/**
 * The file that {@code WANDB_SWEEP_PARAM_PATH} names, as the official agent writes it: {@code
 * wandb_version: 1}, then {@code name:} with {@code value:} below. Pure.
 *
 * <p>SnakeYAML's emitter descends from PyYAML's and makes the same layout; which words need quotes
 * is asked by PyYAML's rules, since PyYAML reads the file: {@code 1e-4} needs none there, {@code
 * on} does. Two spellings differ in text that needs double quotes, and are read alike: {@code \x7f}
 * for {@code \x7F}, and characters beyond U+FFFF as they are.
 */
final class ParameterYaml {
  /** Words that PyYAML reads as something else than a string. */
  private static final Pattern NO_STRING =
      Pattern.compile(
          "yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"
              + "|~|null|Null|NULL|<<|=|"
              + "|[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
              + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
              + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?"
              + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)"
              + "|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
              + "|[0-9]{4}-[0-9]{2}-[0-9]{2}"
              + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
              + "(?:\\.[0-9]*)?(?:[ \\t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?");

  /** PyYAML never writes text of several lines without quotes. */
  private static final Pattern LINE_BREAK = Pattern.compile("[\\n\\u0085\\u2028\\u2029]");

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final StringWriter text = new StringWriter();
  private final Emitter emitter = new Emitter(text, options());

  private ParameterYaml() {}

  /** The whole file's text. */
  static String of(Map<String, @Nullable Object> parameters) {
    String head = "wandb_version: 1";
    return parameters.isEmpty() ? head : head + "\n\n" + new ParameterYaml().document(parameters);
  }

  private String document(Map<String, @Nullable Object> parameters) {
    emit(new StreamStartEvent(null, null));
    emit(new DocumentStartEvent(null, null, false, null, null));
    emit(mapping());
    parameters.forEach(
        (name, value) -> {
          string(name);
          emit(mapping());
          string("value");
          value(value);
          emit(new MappingEndEvent(null, null));
        });
    emit(new MappingEndEvent(null, null));
    emit(new DocumentEndEvent(null, null, false));
    emit(new StreamEndEvent(null, null));
    return text.toString();
  }

  private void value(@Nullable Object value) {
    if (value instanceof String word) {
      string(word);
    } else if (value instanceof Double number) {
      bare(number(number));
    } else if (value instanceof List<?> list) {
      emit(new SequenceStartEvent(null, null, true, null, null, FlowStyle.BLOCK));
      list.forEach(this::value);
      emit(new SequenceEndEvent(null, null));
    } else if (value instanceof Map<?, ?> map) {
      emit(mapping());
      map.forEach(
          (name, member) -> {
            value(name);
            value(member);
          });
      emit(new MappingEndEvent(null, null));
    } else {
      bare(String.valueOf(value)); // null, true, false and integers are written as Java does
    }
  }

  /** A dot before the exponent: without it, PyYAML would read {@code 1e-05} as a string. */
  private static String number(double value) {
    String word = PythonText.number(value).toLowerCase(Locale.ROOT);
    return switch (word) {
      case "nan" -> ".nan";
      case "inf" -> ".inf";
      case "-inf" -> "-.inf";
      default -> word.indexOf('.') < 0 ? word.replace("e", ".0e") : word;
    };
  }

  private void string(String word) {
    boolean plain = !NO_STRING.matcher(word).matches() && !LINE_BREAK.matcher(word).find();
    scalar(
        word,
        plain,
        word.indexOf(BYTE_ORDER_MARK) < 0 ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  private void bare(String word) {
    scalar(word, true, ScalarStyle.PLAIN);
  }

  private void scalar(String word, boolean mayBePlain, ScalarStyle style) {
    ImplicitTuple implicit = new ImplicitTuple(mayBePlain, true);
    emit(new ScalarEvent(null, null, implicit, word, null, null, style));
  }

  private static Event mapping() {
    return new MappingStartEvent(null, null, true, null, null, FlowStyle.BLOCK);
  }

  private void emit(Event event) {
    try {
      emitter.emit(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it writes into memory
    }
  }

  private static DumperOptions options() {
    DumperOptions options = new DumperOptions();
    options.setAllowUnicode(true);
    options.setWidth(80);
    return options;
  }
}
