package io.cardea.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {
    @TempDir
    private Path data;

    @Test
    void nobody_owns_a_new_folder() {
        assertThat(Instance.find(data)).isEmpty();
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void what_an_ended_process_left_behind_does_not_count() throws IOException {
        Instance.own(data).close();
        Files.writeString(data.resolve("running"), "1\nhttp://localhost:8180\n");

        assertThat(Instance.find(data)).isEmpty();
    }

    @Test
    void an_owner_tells_its_process_and_when_ready_its_url() throws Exception {
        Process owner = owner();
        try {
            assertThat(Instance.find(data))
                    .contains(new Instance.Owner(owner.pid(), Optional.of("http://localhost:1")));
        } finally {
            kill(owner);
        }
    }

    @Test
    void a_folder_that_is_owned_is_refused_with_the_owner() throws Exception {
        Process owner = owner();
        try {
            String refusal =
                    "Cardea already runs with data folder " + data + " (pid " + owner.pid() + ", http://localhost:1)";

            assertThatThrownBy(() -> Instance.own(data))
                    .isInstanceOf(Refusal.class)
                    .hasMessage(refusal);
            assertThatThrownBy(() -> Instance.refuseSecond(data))
                    .isInstanceOf(Refusal.class)
                    .hasMessage(refusal);
        } finally {
            kill(owner);
        }
    }

    @Test
    void a_folder_is_free_again_after_its_owner_was_killed() throws Exception {
        kill(owner());

        assertThat(Instance.find(data)).isEmpty();
        Instance.own(data).close();
    }

    @Test
    void an_end_removes_what_was_told() {
        Instance.own(data).close();

        assertThat(data.resolve("running")).doesNotExist();
    }

    /** Locks belong to processes, hence a second one: it prints a line when it owns the folder, and waits. */
    private Process owner() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owning.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("owned");
        return process;
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    static final class Owning {
        private Owning() {}

        public static void main(String[] args) throws IOException {
            Instance.own(Path.of(args[0])).ready("http://localhost:1");
            System.out.println("owned");
            System.in.read();
        }
    }
}
