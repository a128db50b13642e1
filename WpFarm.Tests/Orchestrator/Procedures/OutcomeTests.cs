using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Tests.Orchestrator.Procedures;

public sealed class OutcomeTests
{
    [Fact]
    public void An_accepted_order_has_no_reason()
    {
        Assert.True(Outcome.Accepted.IsAccepted);
        Assert.Null(Outcome.Accepted.Reason);
        Assert.Equal("accepted", Outcome.Accepted.ToString());
    }

    [Fact]
    public void A_refusal_says_why()
    {
        var refused = Outcome.Refused("other work is under way");

        Assert.False(refused.IsAccepted);
        Assert.Equal("refused: other work is under way", refused.ToString());
        Assert.Equal(Outcome.Refused("other work is under way"), refused);
        Assert.NotEqual(Outcome.Accepted, refused);
    }

    /// <summary>An exception's message may be empty.</summary>
    [Fact]
    public void A_refusal_without_a_reason_is_not_taken_for_an_acceptance() => Assert.False(Outcome.Refused("").IsAccepted);
}
