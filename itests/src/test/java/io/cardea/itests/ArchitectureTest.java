package io.cardea.itests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.cardea.oauth.provider.StandardProvider;
import org.junit.jupiter.api.Test;

/** Which room may see which; the README has the plan of the house. */
class ArchitectureTest {

    private static final String CORE = "io.cardea.core..";
    private static final String HTTP = "io.cardea.http..";
    private static final String PROVIDERS = "io.cardea.provider..";
    private static final String LAUNCHER = "io.cardea.launcher..";
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(place -> !place.contains("testkit") && !place.contains("-tests.jar"))
            .importPackages("io.cardea");

    @Test
    void the_whole_house_is_looked_at() {
        for (String room : new String[] {
            "io.cardea.oauth.Logins",
            "io.cardea.core.registry.ProviderRegistry",
            "io.cardea.http.OAuthServlet",
            "io.cardea.provider.claudeapi.ClaudeApiProvider",
            "io.cardea.provider.codex.CodexProvider",
            "io.cardea.provider.copilot.CopilotProvider",
            "io.cardea.provider.github.GithubProvider",
            "io.cardea.provider.gitlab.GitlabProvider",
            "io.cardea.provider.google.GoogleProvider",
            "io.cardea.provider.microsoft.MicrosoftProvider",
            "io.cardea.provider.playground.PlaygroundProvider",
            "io.cardea.launcher.Launcher"
        }) {
            assertThat(HOUSE.contain(room)).as(room).isTrue();
        }
    }

    @Test
    void a_provider_bundle_sees_the_provider_package_and_nothing_else_of_ours() {
        seesNothingOf(PROVIDERS, "io.cardea.oauth", "io.cardea.oauth.vault", CORE, HTTP, LAUNCHER);
    }

    @Test
    void http_sees_what_core_exports_and_not_how_it_works() {
        seesNothingOf(HTTP, "io.cardea.oauth.vault", CORE, PROVIDERS, LAUNCHER);
    }

    @Test
    void core_knows_neither_an_http_server_nor_any_provider() {
        seesNothingOf(CORE, "jakarta.servlet..", "org.osgi.service.servlet..", HTTP, PROVIDERS, LAUNCHER);
    }

    @Test
    void what_is_exported_does_not_lean_on_what_is_private() {
        seesNothingOf("io.cardea.oauth..", CORE, HTTP, PROVIDERS, LAUNCHER);
    }

    @Test
    void those_who_write_providers_need_no_other_package() {
        seesNothingOf("io.cardea.oauth.provider", "io.cardea.oauth", "io.cardea.oauth.vault");
    }

    @Test
    void the_launcher_stands_outside() {
        seesNothingOf(LAUNCHER, "io.cardea.oauth..", CORE, HTTP, PROVIDERS);
    }

    @Test
    void no_packages_lean_on_each_other() {
        slices().matching("io.cardea.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void a_class_is_named_for_what_it_is() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl)")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .check(HOUSE);
    }

    @Test
    void nobody_extends_anything_of_ours_but_the_provider_base_class_and_exceptions() {
        classes()
                .that(DescribedPredicate.describe("extend something of ours", ArchitectureTest::extendsOurs))
                .should()
                .beAssignableTo(StandardProvider.class)
                .orShould()
                .beAssignableTo(RuntimeException.class)
                .check(HOUSE);
    }

    private static boolean extendsOurs(JavaClass type) {
        return type.getRawSuperclass()
                .filter(parent -> parent.getPackageName().startsWith("io.cardea"))
                // An enum's constants with a body of their own are classes, too.
                .filter(parent -> !parent.isEnum())
                .isPresent();
    }

    private static void seesNothingOf(String room, String... others) {
        noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(HOUSE);
    }
}
