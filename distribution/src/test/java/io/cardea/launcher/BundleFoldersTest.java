package io.cardea.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFoldersTest {
    @TempDir
    private Path root;

    @Test
    void numbered_folders_are_start_levels_in_the_order_of_their_numbers() throws IOException {
        Path late = file("10-late/a.jar");
        Path second = file("2-platform/b.jar");
        Path first = file("2-platform/a.jar");
        file("2-platform/notes.txt");
        file("demo/c.jar");

        assertThat(new BundleFolders(root).levels())
                .containsOnlyKeys(2, 10)
                .containsEntry(2, java.util.List.of(first, second))
                .containsEntry(10, java.util.List.of(late));
    }

    @Test
    void any_other_folder_is_a_group() throws IOException {
        Path bundle = file("demo/c.jar");

        assertThat(new BundleFolders(root).group("demo")).containsExactly(bundle);
    }

    @Test
    void a_folder_without_bundles_is_refused() {
        assertThatThrownBy(() -> new BundleFolders(root).levels())
                .isInstanceOf(Refusal.class)
                .hasMessage("There are no bundles in " + root);
    }

    @Test
    void a_missing_group_is_refused() {
        assertThatThrownBy(() -> new BundleFolders(root).group("demo"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(root.resolve("demo").toString());
    }

    private Path file(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }
}
