"""Acts of the European Union are known by their CELEX numbers."""

import pytest

from index.mentions.acts.european import find_european_acts


def cited(text: str) -> list[tuple[str, str]]:
    return [(text[act.start : act.end], act.key) for act in find_european_acts(text)]


@pytest.mark.parametrize(
    ("written", "celex"),
    [
        ("Regula (ES) 2016/679", "32016R0679"),
        ("Eiropas Parlamenta un Padomes Regulas (ES) 2016/679", "32016R0679"),
        ("Vispārīgās datu aizsardzības regulas", "32016R0679"),
        ("Eiropas Parlamenta un Padomes Direktīva 2014/24/ES", "32014L0024"),
        ("Direktīvā (ES) 2019/1024", "32019L1024"),
        ("Padomes 1997. gada 15. decembra Direktīvā 97/81/EK", "31997L0081"),
        ("Regulu (ES) Nr. 604/2013", "32013R0604"),
        ("Regulā (ES) Nr. 1303/2013", "32013R1303"),
        ("Padomes Regula (EEK) Nr. 2658/87", "31987R2658"),
        ("Komisijas Īstenošanas regula (ES) 2020/123", "32020R0123"),
        ("Padomes Lēmums 2010/573/KĀDP", "32010D0573"),
        ("Padomes Pamatlēmums 2002/584/TI", "32002F0584"),
        ("regula 2016/679", "32016R0679"),
        ("Regula Nr. 1308/2013", "32013R1308"),
        ("Padomes Lēmums Nr. 1313/2013/ES", "32013D1313"),
        ("Регламентом Совета (ЕС) № 974/98", "31998R0974"),
        ("Regulation (EU) 2016/679", "32016R0679"),
        ("Directive 2014/24/EU", "32014L0024"),
        ("Регламент (ЕС) 2016/679", "32016R0679"),
    ],
)
def test_each_form_is_found_in_full(written: str, celex: str) -> None:
    assert cited(f"Tā nosaka {written}, ko piemēro.") == [(written, celex)]


def test_a_list_cites_each_number() -> None:
    text = "Direktīvas 2014/24/ES un 2014/25/ES"
    assert [celex for _, celex in cited(text)] == ["32014L0024", "32014L0025"]


@pytest.mark.parametrize(
    "text", ["Šī direktīva ir jauna.", "Sezona 2016/2017", "Regula (ES) Nr. 604", "2016/679"]
)
def test_without_a_number_there_is_no_act(text: str) -> None:
    assert cited(text) == []
