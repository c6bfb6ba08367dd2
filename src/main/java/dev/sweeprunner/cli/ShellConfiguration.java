package dev.sweeprunner.cli;

import java.nio.file.Path;
import java.util.List;
import org.jline.utils.AttributedString;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.shell.core.autoconfigure.SpringShellAutoConfiguration;
import org.springframework.shell.jline.PromptProvider;

/** The small context of the shell: Spring Shell's own configuration and a prompt, nothing else. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(SpringShellAutoConfiguration.class)
class ShellConfiguration {
  @Bean
  PromptProvider prompt(ShellCommands commands) {
    return () -> new AttributedString(words(commands.sweeps()) + "> ");
  }

  private static String words(List<Path> sweeps) {
    Path name = sweeps.isEmpty() ? null : sweeps.get(0).getFileName();
    if (name == null) {
      return "sweep-runner";
    }
    String more = sweeps.size() == 1 ? "" : " +" + (sweeps.size() - 1);
    return name.toString().replaceFirst("\\.ya?ml$", "") + more;
  }
}
