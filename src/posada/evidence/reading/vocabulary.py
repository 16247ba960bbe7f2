"""The words of reports, English and Spanish, without case and accents."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


NATIONALITIES = words(
    "honduran hondurans salvadoran salvadorans salvadorean salvadoreans guatemalan guatemalans nicaraguan "
    "nicaraguans mexican mexicans haitian haitians venezuelan venezuelans cuban cubans colombian colombians "
    "ecuadorian ecuadorians ecuadorean ecuadoreans peruvian peruvians brazilian brazilians american americans "
    "russian russians ukrainian ukrainians chinese indian indians african africans syrian syrians afghan afghans "
    "congolese cameroonian cameroonians angolan angolans belizean belizeans dominican dominicans chilean "
    "chileans argentine argentines bolivian bolivians panamanian panamanians turkish turks somali somalis "
    "eritrean eritreans sudanese rohingya burundian burundians malian malians hondureno hondurenos hondurena "
    "hondurenas salvadoreno salvadorenos salvadorena salvadorenas guatemalteco guatemaltecos guatemalteca "
    "guatemaltecas nicaraguense nicaraguenses mexicano mexicanos mexicana mexicanas haitiano haitianos haitiana "
    "haitianas venezolano venezolanos venezolana venezolanas cubano cubanos cubana cubanas colombiano "
    "colombianos colombiana colombianas ecuatoriano ecuatorianos ecuatoriana ecuatorianas peruano peruanos "
    "brasileno brasilenos estadounidense estadounidenses centroamericano centroamericanos centroamericana "
    "centroamericanas africano africanos africanas rusos ucranianos chinos congoleses cameruneses beliceno "
    "belicenos dominicano dominicanos chilenos panamenos chiapaneco "
    "maltese cypriot cypriots croatian croatians serbian serbians macedonian macedonians slovenian slovenians slovak "
    "slovaks czech czechs "
    "austrian austrians swiss dutch belgian belgians swedish swedes danish danes norwegian norwegians finnish finns "
    "portuguese moldovan "
    "moldovans belarusian belarusians lithuanian lithuanians latvian latvians estonian estonians irish scottish welsh "
    "english european "
    "europeans australian australians japanese korean koreans thai thais malaysian malaysians indonesian indonesians "
    "cambodian bahamian "
    "bahamians trinidadian surinamese guyanese cabo-verdean israeli israelis saudi emirati qatari arab arabs asian "
    "asians caribbean "
    "latin catalan basque kosovan montenegrin "
    "bangladeshi bangladeshis burmese pakistani pakistanis iraqi iraqis iranian iranians yemeni yemenis "
    "ethiopian ethiopians kenyan kenyans ugandan ugandans rwandan rwandans tanzanian tanzanians nigerian "
    "nigerians nigerien ghanaian ghanaians senegalese gambian gambians guinean guineans ivorian ivorians "
    "togolese beninese burkinabe mauritanian mauritanians moroccan moroccans algerian algerians tunisian "
    "tunisians libyan libyans egyptian egyptians lebanese jordanian jordanians palestinian palestinians "
    "kurdish kurds yazidis albanian albanians kosovar kosovars serb serbs bosnian bosnians georgian georgians "
    "armenian armenians azeri azeris uzbek uzbeks tajik tajiks kazakh kyrgyz vietnamese nepali nepalis "
    "nepalese lankan lankans tamil tamils filipino filipinos uyghurs rohingyas chadian chadians zimbabwean "
    "zimbabweans mozambican mozambicans comorian comorians jamaican jamaicans greek greeks italian italians "
    "spanish spaniards french german germans polish poles hungarian hungarians romanian romanians bulgarian "
    "bulgarians british canadian canadians sirios sirias afganos afganas iraquies iranies yemenies pakistanies "
    "indios nepalies bangladesies etiopes somalies eritreos sudaneses nigerianos ghaneses senegaleses "
    "gambianos guineanos marfilenos malienses marroquies argelinos tunecinos libios egipcios palestinos turcos "
    "georgianos armenios uzbekos vietnamitas uruguayos paraguayos jamaicanos canadienses espanoles italianos "
    "franceses angolenos mauritanos subsaharianos magrebies ucranianas peruanas brasilenas bolivianos "
    "bolivianas"
)

PEOPLE = words(
    ""
    # English
    "custodios celadores guardianes jailers wardens ppl pers people persons migrants refugees seekers immigrants "
    "individuals members participants men women children "
    "minors boys girls adults teens teenagers adolescents youths youngsters babies infants toddlers kids mothers "
    "fathers parents nationals citizens foreigners residents applicants arrivals newcomers detainees deportees "
    "returnees prisoners passengers guests travelers travellers victims dead deaths injured wounded missing "
    "students pupils workers survivors evacuees idps displaced marchers walkers crossers petitioners claimants "
    "asylees souls occupants patients pilgrims elderly others stragglers supporters troops soldiers agents "
    "officers guards guardsmen police policemen lawyers attorneys volunteers doctors nurses judges interpreters "
    "staff paramedics psychologists journalists organizers organisers employees officials teachers heads "
    "sleepers entrants companions relatives siblings orphans females males fatalities casualties evacuated "
    "stranded "
    # Spanish
    "personas migrantes refugiados refugiadas solicitantes integrantes miembros individuos pacientes hombres "
    "varones mujeres ninos ninas menores adolescentes adultos adultas jovenes bebes infantes lactantes madres "
    "padres extranjeros extranjeras ciudadanos ciudadanas connacionales detenidos detenidas deportados "
    "deportadas retornados retornadas repatriados desplazados desplazadas damnificados muertos muertas "
    "fallecidos heridos heridas lesionados desaparecidos agentes elementos policias soldados efectivos militares "
    "abogados abogadas voluntarios voluntarias medicos enfermeras huespedes albergados albergadas usuarios "
    "usuarias viajeros pasajeros peregrinos embarazadas nna indocumentados indocumentadas caminantes "
    "participantes alumnos residentes  ancianos familiares beneficiarios internos rescatados "
    "asegurados paisanos activistas funcionarios trabajadores empleados interpretes jueces psicologas gestantes "
    "visitantes pequenos pequenas chicos chicas chavos nenes peques alojados hospedados acompanantes oficiales "
    "victimas sobrevivientes "
    "translators nuns priests pastors monks missionaries chaplains medics midwives surgeons psychiatrists "
    "therapists counsellors counselors caseworkers cooks drivers smugglers traffickers guides rescuers "
    "firefighters lifeguards sailors fishermen crewmen pilots farmers labourers laborers bricklayers "
    "merchants traders villagers townspeople islanders locals neighbors neighbours onlookers protesters "
    "protestors demonstrators strikers rioters pensioners widows widowers "
    "twins triplets newborns schoolchildren scholars graduates "
    "interns trainees scouts marines gendarmes carabinieri inspectors investigators commissioners councillors "
    "councilors mayors bishops deacons friars imams elders leaders spokespersons delegates envoys "
    "diplomats observers monitors inmates internees captives hostages kidnapped rescued drowned castaways "
    "cyclists hitchhikers riders commuters lodgers tenants dependants dependents breadwinners "
    "spouses couples stowaways boatpeople transferees relocated resettled registered compatriots countrymen "
    "colleagues comrades friends strangers clients beneficiaries recipients donors octogenarians pax "
    "servicemen rangers reservists cadets traductores religiosas monjas sacerdotes misioneros parteras "
    "cirujanos psicologos psiquiatras terapeutas cocineros cocineras choferes conductores coyotes polleros "
    "traficantes guias rescatistas socorristas bomberos marinos marineros pescadores pilotos campesinos "
    "jornaleros jornaleras obreros albaniles comerciantes vecinos vecinas lugarenos manifestantes "
    "huelguistas pensionados viudas "
    "gemelos escolares estudiantes becarios pasantes antimotines gendarmes carabineros inspectores "
    "investigadores comisionados regidores alcaldes obispos diaconos frailes lideres voceros delegados "
    "diplomaticos observadores reclusos rehenes secuestrados secuestradas ahogados naufragos companeros "
    "companeras compatriotas amigos clientes donantes derechohabientes interesados inscritos enlistados "
    "formados irregulares expulsados expulsadas interceptados trasladados rechazados reubicados "
    "enfermos enfermas discapacitados ninxs criaturas cuerpos cadaveres asistentes marchistas "
    "centroamericanos peticionarios reclamantes uniformados federales ministeriales guardias vigilantes "
    "crew lads guys fellows schoolboys schoolgirls preschoolers tots seniors grandparents moms dads mums wives "
    "husbands suspects defendants convicts offenders gunmen militants rebels fighters commandos paratroopers "
    "mercenaries peacekeepers witnesses bystanders spectators attendees appellants enrollees registrants "
    "holders carriers sponsors hosts boarders customers callers visitors tourists walk-ins no-shows aides "
    "clerks receptionists cleaners carers caregivers nannies tutors trainers advisers specialists technicians "
    "engineers electricians plumbers masons carpenters tailors barbers bakers vendors sellers shopkeepers "
    "waiters miners welders mechanics truckers porters herders shepherds pastoralists nomads peasants pickers "
    "harvesters fishers divers swimmers boaters mariners seafarers deckhands muslims christians hindus jews "
    "catholics evangelicals hazaras pashtuns tigrayans yazidis martyrs amputees diabetics inpatients "
    "outpatients humans lawmakers mps legislators politicians athletes artists musicians poets academics "
    "experts muchachos muchachas chamacos chamacas chiquillos senores senoras tripulantes accidentados "
    "sospechosos imputados acusados procesados tratantes delincuentes pandilleros testigos ponentes aspirantes "
    "titulares portadores comensales inquilinos moradores parientes deudos huerfanos huerfanas cuidadores "
    "maestros maestras profesores profesoras docentes tecnicos ingenieros electricistas carpinteros traileros "
    "taxistas cargadores vendedores vendedoras ambulantes meseros mineros pastores ganaderos ejidatarios "
    "comuneros indigenas garifunas afrodescendientes musulmanes cristianos evangelicos banistas buzos "
    "estibadores diabeticos hipertensos deshidratados deshidratadas quemados turistas nenas lideresas"
)
ONE_PERSON = words(
    "person man woman child boy girl minor adult baby infant teenager adolescent migrant refugee individual "
    "passenger persona hombre varon mujer nino nina menor adulto bebe adolescente migrante integrante joven"
)
HOUSEHOLDS = words(
    "families households units family household familias hogares nucleos familia hogar "
    "couples parejas matrimonios homes"
)
BEDS = words(
    "beds bed cots mats mattresses bunks spaces spots places camas colchonetas catres literas lugares espacios "
    "cupos plazas colchones hammocks hamacas tents carpas "
    "berths seats mattress stretchers cribs asientos camillas cunas catre petates litera"
)
PAPERS = words(
    "permits visas cards applications requests petitions claims cases appointments slots referrals files "
    "hearings permisos tarjetas solicitudes peticiones casos tramites oficios expedientes citas turnos fichas "
    "amparos audiencias documentos constancias "
    "names dossiers certificates warrants orders rulings complaints appeals screenings interviews nombres "
    "actas certificados ordenes quejas recursos demandas apelaciones entrevistas pasaportes passports vouchers "
    "boletos tickets registrations credenciales folios"
)
VEHICLES = words(
    "buses bus trucks vans boats cars vehicles autobuses camiones camionetas autos vehiculos balsas lanchas "
    "trailers barcos "
    "ferries ferry ships vessels dinghies dinghy rafts barges canoes lorries coaches minibuses planes aircraft "
    "flights helicopters ambulances convoys motorcycles taxis trains carriages wagons pateras cayucos pangas "
    "vuelos aviones helicopteros ambulancias convoyes combis microbuses furgonetas trenes vagones barcazas "
    "embarcaciones botes navios buques"
)
GOODS = words(
    "meals rations blankets kits sandwiches comidas raciones platos cobijas despensas desayunos cenas "
    "breakfasts lunches dinners plates dishes portions parcels packages packets hampers boxes bottles nappies "
    "diapers jackets shoes tarps tarpaulins mosquito nets bags almuerzos platillos tortas "
    "paquetes cajas botellas panales chamarras zapatos lonas bolsas kit desayuno "
    "bowls cups soups loaves tins cans sacks jerrycans buckets masks vaccines doses backpacks toys stoves "
    "uniforms garments coats tazas latas costales bidones cubetas mascarillas vacunas dosis mochilas juguetes "
    "estufas frazadas"
)
ACTS = words(
    "deaths arrests detentions apprehensions encounters crossings entries deportations removals returns arrivals "
    "departures admissions releases detenciones aprehensiones encuentros cruces entradas deportaciones "
    "devoluciones inadmisiones inadmissions denials refusals rechazos muertes retornos ingresos egresos llegadas "
    "salidas rescates repatriaciones "
    "detections interceptions pushbacks evictions landings disembarkations births rescues transfers "
    "relocations resettlements expulsions repatriations hospitalisations hospitalizations drownings "
    "disappearances kidnappings murders escapes checkouts checkins intakes discharges altas bajas atenciones "
    "detecciones intercepciones desembarcos nacimientos traslados reubicaciones reasentamientos expulsiones "
    "desapariciones secuestros homicidios fallecimientos internamientos canalizaciones aseguramientos"
)
"""Things that happen to one person each: counted in people."""
UNITS: dict[str, frozenset[str]] = {
    "people": PEOPLE | ACTS,
    "households": HOUSEHOLDS,
    "beds": BEDS,
    "papers": PAPERS,
    "vehicles": VEHICLES,
    "goods": GOODS,
}

TIMES = words(
    "years year months month weeks week days day hours hour minutes minute seconds nights night decades "
    "centuries anos ano meses mes semanas semana dias dia horas hora minutos minuto segundos noches noche "
    "decadas hrs "
    "mornings afternoons evenings weekends shifts fortnight fortnights quarters mananas tardes quincenas "
    "trimestre trimestres turno jornadas"
)
LENGTHS_OF_WAY = words(
    "km kms kilometers kilometres kilometer kilometre miles mile meters metres feet foot yards blocks block "
    "inches acres hectares kilometros kilometro metros metro cuadras cuadra hectareas millas pies stops stations "
    "floors pisos "
    "metre meter yard leagues nautical hectare acre legua leguas manzanas storeys stories"
)
MEASURES = words(
    "pounds kg kilos kilogramos liters litres litros gallons galones tons tonnes toneladas degrees grados "
    "centigrados °c °f ° libras points puntos percent porcentuales megawatts pulgadas "
    "kilogrammes gallon litre liter mm cm degree knots nudos megabytes volts ml cc"
)
MONEY = words(
    "dollars dollar pesos peso euros lempiras quetzales cordobas usd mxn mdp dolares dolar cents bucks francs "
    "soles bolivares $ us$ € £ centavos "
    "pounds shillings birr takas taka rupees lira liras dinars ksh ugx cfa euro bolivars balboas colones reais "
    "reales"
)
CODES = words(
    "article section title chapter highway route interstate room terminal page paragraph no number form law "
    "resolution articulo seccion titulo capitulo carretera ruta kilometro calle avenida pagina parrafo numero "
    "formulario size talla ley resolucion covid phase fase group grupo level nivel zone zona sector district distrito "
    "camp "
    "campamento agenda juventud line linea flight vuelo channel canal bus station estacion gate puerta sala km "
    "act decree decreto fraccion proposition version item transitorio tel telefono phone cp edificio building "
    "apartment apartado lote manzana block unit"
)

MODIFIERS = words(
    ""
    # words that may stand between a number and what is counted
    "more other others another additional new further extra such young younger small adult elderly single "
    "unaccompanied pregnant different separate estimated registered undocumented unauthorized displaced stranded "
    "vulnerable sick injured asylum fellow male female school-age homeless black indigenous lgbt trans "
    "transgender national guard federal local state border patrol medical volunteer bus family total immigration "
    "available free empty occupied military army unaided humanitarian transit exit work central latin south "
    "north first-time would-be so-called mostly mainly largely exhausted weary tired remaining last first full "
    "hot daily overnight sleeping infant teenage underage overcrowded temporary private lone legal pro bono "
    "removal credible fear credible-fear tourist charter passenger freight chartered or so lawful irregular "
    "nearly about migrant refugee shelter caravan people person families child foreign-born internally forcibly "
    "cuban-born third-country and women men children immigrant mas otros otras nuevos nuevas demas primeros "
    "primeras presuntos posibles pequenos jovenes adultos adicionales supuestos mil dichos dichas "
    "aproximadamente casi de los las of the these those them our their its his her"
)
STOPS = words(
    ""
    # words at which the search for what is counted ends
    "in on at to from by for with without as who that which whom whose and but or if when while since until "
    "before after near around is are was were be been being has have had will would can could may might should "
    "did do does not into through across en a al con sin por para que quien quienes cuando mientras desde hasta "
    "antes despues cerca y e o u pero si es son era eran fue fueron han ha habia hay estan esta estaban sera "
    "seran del se su sus lo le les "
    "aboard onto off out up down over per about than ni tras segun ante bajo contra sobre hacia entre nor yet "
    "via versus vs against where donde when under toward towards amid upon beyond "
    "it they we he she you i"
)
POST_MODIFIERS = words(
    "acompanados acompanadas embarazadas asilo refugio edad centroamericanos centroamericanas hondurenos "
    "hondurenas salvadorenos guatemaltecos haitianos venezolanos cubanos nicaraguenses migrantes extranjeros "
    "humanitarias humanitarios disponibles libres ocupadas menores indocumentados familiares mexicanos mexicanas "
    "federales desplazadas desplazados refugiadas"
)
ELLIPTIC = words(
    ""
    # words that may follow a number that stands for people by itself
    "more others additional are is was were have had has will would could may might can arrived arrive came left "
    "leave remain remained stayed stay crossed entered boarded reached departed slept sleep wait waited waiting "
    "decided chose requested applied asked sought turned returned received got went made set died per a each "
    "every daily in on at from by of to who and but so as while when after here there aqui alla ahi alli before "
    "between since during for with inside outside today yesterday tomorrow tonight last this still now already "
    "strong among through mas otros otras adicionales son eran fueron estan estaban llegaron llegan llegaran "
    "ingresaron entraron salieron partieron quedan quedaron permanecen permanecieron esperan esperaban durmieron "
    "duermen cruzaron solicitaron pidieron recibieron tienen decidieron viajan viajaban avanzan pasaron "
    "regresaron murieron fallecieron abordaron se por al cada diarios diarias diario en de del ya hoy ayer "
    "anoche esta este que quienes y o pero para con cuando mientras durante desde hasta han habian siguen "
    "continuan estuvieron lograron seran podrian hay resultaron"
)
NUMBER_VERBS = words(
    "numbered numbers number totaled totalled totals total reached reaches grew grown swelled swelling shrank "
    "dropped fell rose counted count counts houses housed hosts hosted holds held hold accommodates accommodate "
    "accommodated shelters sheltered fits fit expects expected expect received receives receive registered "
    "registers took takes sleeps were are remained remain remaining left down up called llamado llaman llamaron "
    "exceeded exceeds surpassed topped estimated estimates recorded reported attended served serves serving "
    "suman sumaban sumaron totalizan alcanzo alcanza llego llega hay habia hubo quedan quedaban quedaron son "
    "eran fueron somos alberga albergaba albergamos albergan atiende atendemos atendio recibio recibe recibimos "
    "recibieron registro registra registraron contabilizo contaron espera esperan esperamos supera superan "
    "rebasa rebasan aumento crecio bajo subio disminuyo cayo aloja hospeda calculan calcula estiman estima "
    "reporto reporta tenemos tiene tienen conto va van reconoce reconocen reconocio admite admiten acknowledged "
    "acknowledges counts claims cuenta contamos contabiliza contabilizan cenaran desayunaran comieron comen include "
    "includes included including incluye incluyen"
)
CAPACITY = words(
    "caben cabe cabian alojar albergar hospedar shelter capacity capacidad cupo aforo accommodate fit sleeps holds "
    "hold house houses"
)
PERIODS: dict[str, tuple[str, ...]] = {
    "hour": ("an hour", "per hour", "each hour", "every hour", "hourly", "por hora", "cada hora"),
    "day": (
        "a day", "per day", "each day", "every day", "daily", "al dia", "por dia", "diarios", "diarias", "diario",
        "cada dia",
        "diariamente", "a diario", "a night", "per night", "por noche", "cada noche", "each night", "every night",
        "nightly",
        "por jornada", "por manana", "por tarde", "each morning", "every morning", "cada manana", "cada tarde",
        "per shift",
        "por turno", "each evening", "every evening",
    ),
    "week": (
        "a week", "per week", "each week", "every week", "weekly", "por semana", "a la semana", "cada semana",
        "semanales",
    ),
    "month": (
        "a month", "per month", "each month", "every month", "monthly", "al mes", "por mes", "cada mes", "mensuales",
    ),
    "year": ("a year", "per year", "each year", "every year", "al ano", "por ano", "cada ano", "anuales"),
}  # fmt: skip
"""Words that make a number a rate, by its time."""
