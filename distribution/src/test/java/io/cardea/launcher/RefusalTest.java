package io.cardea.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class RefusalTest {
    @Test
    void a_reason_is_what_the_deepest_cause_says_in_one_line() {
        Exception failure = new IllegalStateException("outer", new IOException(" Address already\n  in use "));

        assertThat(Refusal.reason(failure)).isEqualTo("Address already in use");
    }

    @Test
    void a_cause_that_says_nothing_is_named() {
        assertThat(Refusal.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void failures_of_the_file_system_are_told_without_the_path() {
        assertThat(Refusal.reason(new AccessDeniedException("/data"))).isEqualTo("permission denied");
        assertThat(Refusal.reason(new NoSuchFileException("/data"))).isEqualTo("no such file or folder");
        assertThat(Refusal.reason(new FileSystemException("/data", null, "Read-only file system")))
                .isEqualTo("Read-only file system");
        assertThat(Refusal.reason(new FileSystemException("/data"))).isEqualTo("FileSystemException");
    }
}
