using Parley.Browser.Harness;
using Xunit.Sdk;

namespace Parley.Browser.Meetings;

/// <summary>Faults put in on purpose: a test that would not find them proves nothing.</summary>
public sealed class NegativeControls(Stage stage) : BrowserTest(stage)
{
    /// <summary>dBFS of the tone let in.</summary>
    private const int Leak = -40;

    [Fact]
    public async Task A_leaked_tone_and_a_wrong_face_are_found_by_the_checks_of_all_other_tests()
    {
        var ada = await Open(Person.Ada);
        // Says to be Ben, and shows Dan's barcode and tone.
        var impostor = await Open(Person.Dan with { Name = Person.Ben.Name });
        var link = await ada.Create("Faults");
        await ada.Enter();
        await impostor.Join(link);
        var impostorAsDan = Person.Dan with { Name = Person.Ben.Name };
        await ada.Sees(impostorAsDan);
        await ada.HearsOnly(Person.Dan);

        var wrongFace = await ada.Observe(5, Person.Ben);
        Assert.Contains("Ben was not heard", Assert.ThrowsAny<XunitException>(() => wrongFace.HoldsOnly(Person.Ben)).Message, StringComparison.Ordinal);
        var toneAside = wrongFace with { Tones = [] };
        Assert.Contains("Not Ben alone", Assert.ThrowsAny<XunitException>(() => toneAside.HoldsOnly(Person.Ben)).Message, StringComparison.Ordinal);

        await ada.Page.EvaluateAsync("([frequency, decibels]) => peer.leak(frequency, decibels)", new object[] { Person.Ada.Frequency, Leak });
        await ada.Until("the leak is heard", "([frequency, over]) => peer.heard([frequency])?.[0] > over", new object[] { Person.Ada.Frequency, Observation.Present });
        var leaked = await ada.Observe(5);
        Assert.Contains("Ada was heard", Assert.ThrowsAny<XunitException>(() => leaked.HoldsOnly(Person.Dan)).Message, StringComparison.Ordinal);
    }
}
