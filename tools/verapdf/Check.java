import java.io.File;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Asks the veraPDF engine about files: Check PROFILE,PROFILE FILE... Ends with 0 (all pass), 1 (a rule is broken) or 2 (not readable). */
public class Check {
    public static void main(String[] given) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        int worst = 0;
        for (int i = 1; i < given.length; i++) {
            for (String profile : given[0].split(",")) {
                worst = Math.max(worst, check(profile, new File(given[i])));
            }
        }
        System.exit(worst);
    }

    private static int check(String profile, File file) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(profile);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + profile + " " + file.getName());
            if (result.isCompliant()) {
                return 0;
            }
            result.getTestAssertions().stream()
                    .filter(one -> one.getStatus() == TestAssertion.Status.FAILED)
                    .map(one -> "  " + one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage())
                    .distinct()
                    .forEach(System.out::println);
            return 1;
        } catch (Exception problem) {
            System.out.println("UNREADABLE " + profile + " " + file.getName() + " " + problem);
            return 2;
        }
    }
}
