using WpFarm.Display;

namespace WpFarm.Tests.Display;

public sealed class TerminalTests
{
    [Fact]
    public void A_text_of_somebody_else_cannot_command_the_terminal() =>
        Assert.Equal("Hi[2J\tthere\nAnn ü", Terminal.Plain("Hi\u001b[2J\tthere\r\nAnn\u0007 ü\u009b"));
}
