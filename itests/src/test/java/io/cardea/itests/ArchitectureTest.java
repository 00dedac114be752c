package io.cardea.itests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room may see which; README draws the plan. */
@AnalyzeClasses(packages = "io.cardea", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule a_provider_bundle_sees_the_provider_package_and_nothing_else_of_ours = noClasses()
            .that()
            .resideInAPackage("io.cardea.provider..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.cardea.oauth", "io.cardea.oauth.vault..", "io.cardea.core..", "io.cardea.http..", "io.cardea.launcher..");

    @ArchTest
    static final ArchRule http_sees_what_core_exports_and_not_how_it_works = noClasses()
            .that()
            .resideInAPackage("io.cardea.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.cardea.core..", "io.cardea.oauth.vault..", "io.cardea.provider..");

    @ArchTest
    static final ArchRule core_knows_no_http_server = noClasses()
            .that()
            .resideInAnyPackage("io.cardea.core..", "io.cardea.oauth..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.servlet..", "org.osgi.service.servlet..", "io.cardea.http..", "io.cardea.provider..");

    @ArchTest
    static final ArchRule what_is_exported_does_not_lean_on_what_is_private = noClasses()
            .that()
            .resideInAPackage("io.cardea.oauth..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.cardea.core..");

    @ArchTest
    static final ArchRule those_who_write_providers_need_no_other_package = noClasses()
            .that()
            .resideInAPackage("io.cardea.oauth.provider")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.cardea.oauth", "io.cardea.oauth.vault");

    @ArchTest
    static final ArchRule the_packages_have_no_cycles =
            slices().matching("io.cardea.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule a_class_is_named_for_what_it_is = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl)$")
            .orShould()
            .haveSimpleNameStartingWith("Abstract");

    @ArchTest
    static final ArchRule nobody_extends_anything_of_ours_but_the_provider_base_class = classes()
            .that()
            .resideInAPackage("io.cardea..")
            .and()
            .areNotInterfaces()
            .should(new com.tngtech.archunit.lang.ArchCondition<>("extend only the provider base class of ours") {
                @Override
                public void check(JavaClass type, com.tngtech.archunit.lang.ConditionEvents events) {
                    boolean fine = type.getRawSuperclass()
                            .filter(parent -> parent.getPackageName().startsWith("io.cardea"))
                            .map(parent -> parent.getSimpleName().equals("StandardProvider"))
                            .orElse(true);
                    events.add(new com.tngtech.archunit.lang.SimpleConditionEvent(
                            type, fine, type.getName() + " extends " + type.getRawSuperclass()));
                }
            });
}
